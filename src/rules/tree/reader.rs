//! From a tree of nodes into serde types: a deserializer whose errors know their place.

use super::{AT, At, Kind, Node};
use crate::rules::diagnostic::{Problem, nearest, suggestion};
use serde::Deserializer;
use serde::de::{self, DeserializeSeed, IntoDeserializer as _, MapAccess, SeqAccess, Visitor};
use std::fmt;
use std::ops::Range;

/// Why a node is not what it should be.
#[derive(Debug)]
pub(crate) struct Mistake {
    message: String,
    help: Option<String>,
    pub(super) span: Option<Range<usize>>,
    pub(super) is_missing: bool,
    pub(super) stand_in: Option<StandIn>,
}

/// What takes the place of a mistake while the rest is looked at.
#[derive(Clone, Copy, Debug)]
pub(super) enum StandIn {
    /// The key or word that was meant.
    Word(&'static str),
    /// Any word that may stand there, though not as a key.
    AnyWord(&'static str),
    /// A list without items.
    List,
}

impl Mistake {
    fn at(mut self, span: &Range<usize>) -> Self {
        self.span.get_or_insert_with(|| span.clone());
        self
    }

    pub(super) fn into_problem(self, root: &Node) -> Problem {
        let problem = Problem::new(self.span.unwrap_or_else(|| root.span()), self.message);
        match self.help {
            Some(help) => problem.help(help),
            None => problem,
        }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Mistake {}

impl de::Error for Mistake {
    fn custom<T: fmt::Display>(message: T) -> Self {
        let message = message.to_string();
        Self { message, help: None, span: None, is_missing: false, stand_in: None }
    }

    fn invalid_type(unexpected: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::custom(format!("this should be {expected}, not {unexpected}"))
    }

    fn missing_field(field: &'static str) -> Self {
        Self {
            help: Some(format!(
                "add `{field}:`; `obstat rules new ID` prints a rule with every key that is needed"
            )),
            is_missing: true,
            ..Self::custom(format!("`{field}` is missing"))
        }
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        Self {
            help: Some(suggestion(field, expected)),
            stand_in: nearest(field, expected).map(StandIn::Word),
            ..Self::custom(format!("unknown key `{field}`"))
        }
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        Self {
            help: Some(suggestion(variant, expected)),
            stand_in: nearest(variant, expected)
                .map(StandIn::Word)
                .or(expected.first().copied().map(StandIn::AnyWord)),
            ..Self::custom(format!("unknown word `{variant}`"))
        }
    }
}

impl<'de> Deserializer<'de> for &'de Node {
    type Error = Mistake;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        match &self.kind {
            Kind::Null => visitor.visit_unit(),
            Kind::Scalar(text) => visitor.visit_str(text),
            Kind::Sequence(items) => visitor.visit_seq(Items(items.iter())),
            Kind::Mapping(entries) => {
                visitor.visit_map(Entries { left: entries.iter(), value: None })
            }
        }
        .map_err(|mistake| mistake.at(&self.span))
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        match &self.kind {
            Kind::Scalar(text) if text == "true" => visitor.visit_bool(true),
            Kind::Scalar(text) if text == "false" => visitor.visit_bool(false),
            _ => Err(Mistake {
                stand_in: Some(StandIn::AnyWord("false")),
                ..de::Error::custom("this should be `true` or `false`")
            }),
        }
        .map_err(|mistake: Mistake| mistake.at(&self.span))
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        self.number(|number| visitor.visit_i64(number))
    }

    fn deserialize_i32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        self.number(|number| visitor.visit_i64(number))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        match self.kind {
            Kind::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Mistake> {
        if name == AT {
            return visitor.visit_seq(Placed { node: self, next: 0 });
        }
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mistake> {
        match &self.kind {
            Kind::Scalar(word) => visitor
                .visit_enum(de::value::StrDeserializer::<Mistake>::new(word))
                .map_err(|mistake| mistake.at(&self.span)),
            Kind::Mapping(entries) => match entries.as_slice() {
                [(key, value)] => visitor.visit_enum(OneKey { key, value }),
                _ => Err(Mistake {
                    help: Some(format!("give one of {}, and nothing beside it", words(variants))),
                    ..de::Error::custom("this should be a mapping with exactly one key")
                }
                .at(&self.span)),
            },
            _ => Err(Mistake {
                help: Some(format!("give one of {}", words(variants))),
                ..de::Error::custom(format!("this should be a word, not {}", self.what()))
            }
            .at(&self.span)),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        self.deserialize_str(visitor)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        match &self.kind {
            Kind::Scalar(text) => visitor.visit_str(text),
            _ => Err(de::Error::custom(format!("this should be a text, not {}", self.what()))),
        }
        .map_err(|mistake: Mistake| mistake.at(&self.span))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mistake> {
        self.deserialize_map(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        match &self.kind {
            Kind::Mapping(entries) => visitor
                .visit_map(Entries { left: entries.iter(), value: None })
                .map_err(|mistake| mistake.at(&self.span)),
            _ => Err(Mistake::at(
                de::Error::custom(format!("this should be a mapping, not {}", self.what())),
                &self.span,
            )),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        match &self.kind {
            Kind::Sequence(items) => {
                visitor.visit_seq(Items(items.iter())).map_err(|mistake| mistake.at(&self.span))
            }
            _ => Err(Mistake {
                help: Some(
                    "put it in square brackets, or behind a `-` on a line of its own".to_owned(),
                ),
                stand_in: Some(StandIn::List),
                ..de::Error::custom(format!("this should be a list, not {}", self.what()))
            }
            .at(&self.span)),
        }
    }

    serde::forward_to_deserialize_any! {
        i8 i16 i64 u8 u16 u64 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct identifier ignored_any
    }
}

impl Node {
    fn number<T>(&self, visit: impl FnOnce(i64) -> Result<T, Mistake>) -> Result<T, Mistake> {
        match &self.kind {
            Kind::Scalar(text) => match text.parse() {
                Ok(number) => visit(number),
                Err(_) => Err(no_number()),
            },
            _ => Err(no_number()),
        }
        .map_err(|mistake| mistake.at(&self.span))
    }
}

fn no_number() -> Mistake {
    Mistake {
        help: Some("write it in digits, as in `4`".to_owned()),
        stand_in: Some(StandIn::AnyWord("1")),
        ..de::Error::custom("this should be a whole number")
    }
}

fn words(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

struct Items<'de>(std::slice::Iter<'de, Node>);

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = Mistake;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Mistake> {
        self.0.next().map(|item| seed.deserialize(item)).transpose()
    }
}

struct Entries<'de> {
    left: std::slice::Iter<'de, (At<String>, Node)>,
    value: Option<&'de Node>,
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = Mistake;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Mistake> {
        let Some((key, value)) = self.left.next() else { return Ok(None) };
        self.value = Some(value);
        let name: de::value::StrDeserializer<'_, Mistake> = key.value.as_str().into_deserializer();
        seed.deserialize(name).map(Some).map_err(|mistake| mistake.at(&key.span))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Mistake> {
        match self.value.take() {
            Some(value) => seed.deserialize(value),
            None => Err(de::Error::custom("a value without a key")),
        }
    }
}

/// A node as its start, its end and itself.
struct Placed<'de> {
    node: &'de Node,
    next: u8,
}

impl<'de> SeqAccess<'de> for Placed<'de> {
    type Error = Mistake;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Mistake> {
        self.next += 1;
        match self.next {
            1 => seed.deserialize(self.node.span.start.into_deserializer()),
            2 => seed.deserialize(self.node.span.end.into_deserializer()),
            _ => seed.deserialize(self.node),
        }
        .map(Some)
    }
}

struct OneKey<'de> {
    key: &'de At<String>,
    value: &'de Node,
}

impl<'de> de::EnumAccess<'de> for OneKey<'de> {
    type Error = Mistake;
    type Variant = &'de Node;

    fn variant_seed<V: DeserializeSeed<'de>>(
        self,
        seed: V,
    ) -> Result<(V::Value, &'de Node), Mistake> {
        let name: de::value::StrDeserializer<'_, Mistake> =
            self.key.value.as_str().into_deserializer();
        let variant = seed.deserialize(name).map_err(|mistake| mistake.at(&self.key.span))?;
        Ok((variant, self.value))
    }
}

impl<'de> de::VariantAccess<'de> for &'de Node {
    type Error = Mistake;

    fn unit_variant(self) -> Result<(), Mistake> {
        Err(Mistake::at(de::Error::custom("this word takes no value"), &self.span))
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Mistake> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Mistake> {
        self.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mistake> {
        self.deserialize_map(visitor)
    }
}
