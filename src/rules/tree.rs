//! YAML as a tree in which every node and key knows its bytes in the file, and the way from there into serde types.
//!
//! The only place that uses the YAML crate. Going through a tree costs a pass, and buys what a person who writes
//! rules needs: all mistakes of a file at once, each at its exact place.

mod reader;

use reader::StandIn;

use super::diagnostic::Problem;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{self, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_yaml::Spanned;
use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

/// The most bytes a ruleset file may have.
pub(crate) const MAX_FILE_BYTES: usize = 8 << 20;
/// The most values that a file may have.
const MAX_NODES: usize = 600_000;
/// The most values and brackets that names for other values (`*name`) may stand for, all together.
const MAX_REPEATED: usize = 100_000;
/// The most mistakes that are reported of one mapping before the rest is left for the next run.
const MAX_MISTAKES: usize = 40;

/// A value and its bytes in the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct At<T> {
    /// The value.
    pub(crate) value: T,
    /// Its bytes in the file.
    pub(crate) span: Range<usize>,
}

impl<T> std::ops::Deref for At<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: Serialize> Serialize for At<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(serializer)
    }
}

impl<T: JsonSchema> JsonSchema for At<T> {
    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }

    fn inline_schema() -> bool {
        T::inline_schema()
    }
}

const AT: &str = "\u{1}At";

impl<'de, T: Deserialize<'de>> Deserialize<'de> for At<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AtVisitor<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for AtVisitor<T> {
            type Value = At<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<At<T>, A::Error> {
                let short = || de::Error::custom("a value without a place");
                let start = parts.next_element()?.ok_or_else(short)?;
                let end = parts.next_element()?.ok_or_else(short)?;
                let value = parts.next_element()?.ok_or_else(short)?;
                Ok(At { value, span: start..end })
            }
        }
        deserializer.deserialize_newtype_struct(AT, AtVisitor(std::marker::PhantomData))
    }
}

/// A node of the file.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    span: Range<usize>,
    kind: Kind,
    /// Whether a mistake was taken out of it.
    is_pruned: bool,
}

#[derive(Clone, Debug)]
enum Kind {
    Null,
    Scalar(String),
    Sequence(Vec<Node>),
    Mapping(Vec<(At<String>, Node)>),
}

/// What could be read of a node.
pub(crate) struct Rest<T> {
    /// The value, without the items in which there are mistakes.
    pub(crate) value: T,
    /// Whether there are any.
    pub(crate) is_spoiled: bool,
}

/// Reads a file into a tree.
pub(crate) fn parse(source: &str) -> Result<Node, Problem> {
    if source.len() > MAX_FILE_BYTES {
        return Err(Problem::new(0..0, format!("the file is larger than {MAX_FILE_BYTES} bytes"))
            .help("split it into several packs"));
    }
    let budget = serde_yaml::budget! { max_nodes: MAX_NODES, max_events: 3 * MAX_NODES };
    let alias_limits = serde_yaml::alias_limits! { max_total_replayed_events: MAX_REPEATED };
    let options = serde_yaml::options! {
        with_snippet: false,
        strict_booleans: true,
        budget: budget,
        alias_limits: alias_limits,
    };
    let raw: Spanned<Raw> =
        serde_yaml::from_str_with_options(source, options).map_err(|error| yaml_problem(&error))?;
    Ok(node(raw, source))
}

fn yaml_problem(error: &serde_yaml::Error) -> Problem {
    let span = error.location().map(span_of).unwrap_or_default();
    let text = error.to_string();
    let mut text = text.lines().next().unwrap_or("the file is not YAML");
    if text.contains("alias") && text.contains("limit")
        || text.starts_with("budget breached: Alias")
    {
        let message =
            format!("names for other values (`*name`) stand for more than {MAX_REPEATED} of them");
        return Problem::new(span, message).help("write the values out where they are needed");
    }
    if text.starts_with("budget breached") {
        let message = format!(
            "the file has more than {MAX_NODES} values, or they stand too deep in one another"
        );
        return Problem::new(span, message).help("split it into several packs");
    }
    // The place is pointed at, and the reader's own settings are nothing to whoever wrote the file.
    for aside in [" at line ", ", set DuplicateKeyPolicy", "; use from_str"] {
        text = text.split(aside).next().unwrap_or(text);
    }
    Problem::new(span, text).help("mend the YAML here; the rest of the file was not looked at")
}

fn span_of(location: serde_yaml::Location) -> Range<usize> {
    let span = location.span();
    let byte = |value: Option<u64>| usize::try_from(value.unwrap_or(0)).unwrap_or(0);
    let start = byte(span.byte_offset());
    start..start.saturating_add(byte(span.byte_len()))
}

/// What the YAML crate hands out, before plain scalars are read from the file as they were written.
enum Raw {
    Null,
    Plain,
    Text(String),
    Sequence(Vec<Spanned<Raw>>),
    Mapping(Vec<(Spanned<String>, Spanned<Raw>)>),
}

struct RawVisitor;

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a YAML value")
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Raw, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Raw, E> {
        Ok(Raw::Plain)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Raw, E> {
        Ok(Raw::Plain)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Raw, E> {
        Ok(Raw::Plain)
    }

    fn visit_i128<E>(self, _: i128) -> Result<Raw, E> {
        Ok(Raw::Plain)
    }

    fn visit_u128<E>(self, _: u128) -> Result<Raw, E> {
        Ok(Raw::Plain)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Raw, E> {
        Ok(Raw::Plain)
    }

    fn visit_str<E>(self, text: &str) -> Result<Raw, E> {
        Ok(Raw::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Raw, E> {
        Ok(Raw::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Raw, A::Error> {
        let mut nodes = Vec::new();
        while let Some(item) = items.next_element()? {
            nodes.push(item);
        }
        Ok(Raw::Sequence(nodes))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Raw, A::Error> {
        let mut nodes = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            nodes.push(entry);
        }
        Ok(Raw::Mapping(nodes))
    }
}

fn node(raw: Spanned<Raw>, source: &str) -> Node {
    let span = span_of(raw.referenced);
    let kind = match raw.value {
        Raw::Null => Kind::Null,
        Raw::Plain => {
            Kind::Scalar(source.get(span_of(raw.defined)).unwrap_or_default().trim().to_owned())
        }
        Raw::Text(text) => Kind::Scalar(text),
        Raw::Sequence(items) => {
            Kind::Sequence(items.into_iter().map(|item| node(item, source)).collect())
        }
        Raw::Mapping(entries) => Kind::Mapping(
            entries
                .into_iter()
                .map(|(key, value)| {
                    let span = span_of(key.referenced);
                    (At { value: key.value, span }, node(value, source))
                })
                .collect(),
        ),
    };
    Node { span, kind, is_pruned: false }
}

impl Node {
    /// The node's bytes in the file.
    pub(crate) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// Takes the value of `key` out of a mapping.
    pub(crate) fn take(&mut self, key: &str) -> Option<Node> {
        let Kind::Mapping(entries) = &mut self.kind else { return None };
        let at = entries.iter().position(|(name, _)| name.value == key)?;
        Some(entries.remove(at).1)
    }

    /// The value of `key`.
    pub(crate) fn inner(&self, key: &str) -> Option<&Node> {
        let Kind::Mapping(entries) = &self.kind else { return None };
        entries.iter().find(|(name, _)| name.value == key).map(|(_, value)| value)
    }

    /// The text of the scalar under `key`.
    pub(crate) fn text(&self, key: &str) -> Option<(&str, Range<usize>)> {
        let Kind::Mapping(entries) = &self.kind else { return None };
        let (_, value) = entries.iter().find(|(name, _)| name.value == key)?;
        let Kind::Scalar(text) = &value.kind else { return None };
        Some((text, value.span()))
    }

    /// The text of a scalar; none where it is something else.
    pub(crate) fn scalar(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar(text) => Some(text),
            _ => None,
        }
    }

    /// The items of a sequence; none where it is something else.
    pub(crate) fn into_items(self) -> Option<Vec<Node>> {
        match self.kind {
            Kind::Sequence(items) => Some(items),
            _ => None,
        }
    }

    /// Reads the node as a `T`. Every mistake goes to `problems`; where one spoils the value, there is none.
    pub(crate) fn read<T: for<'de> Deserialize<'de>>(
        self,
        problems: &mut Vec<Problem>,
    ) -> Option<T> {
        self.read_rest(problems).filter(|read| !read.is_spoiled).map(|read| read.value)
    }

    /// Reads the node as a `T`, without the items in which there are mistakes: there may be others in the rest.
    pub(crate) fn read_rest<T: for<'de> Deserialize<'de>>(
        mut self,
        problems: &mut Vec<Problem>,
    ) -> Option<Rest<T>> {
        let mut is_spoiled = false;
        for _ in 0..MAX_MISTAKES {
            match T::deserialize(&self) {
                Ok(value) if !is_spoiled => return Some(Rest { value, is_spoiled }),
                Ok(_) => {
                    self.drop_pruned_items();
                    return T::deserialize(&self).ok().map(|value| Rest { value, is_spoiled });
                }
                Err(mistake) => {
                    let (at, is_missing) = (mistake.span.clone(), mistake.is_missing);
                    let stand_in = mistake.stand_in;
                    // What was pruned is missed next; that is no second mistake of the author.
                    if !(is_spoiled && is_missing) {
                        problems.push(mistake.into_problem(&self));
                    }
                    is_spoiled = true;
                    let mend = |at: Range<usize>| {
                        stand_in.is_some_and(|stand_in| self.replace(&at, stand_in))
                            || self.prune(&at, is_missing)
                    };
                    if !at.is_some_and(mend) {
                        return None;
                    }
                }
            }
        }
        None
    }

    /// Puts something right in the place of the key or value at `span`; not where that key is there already.
    fn replace(&mut self, span: &Range<usize>, stand_in: StandIn) -> bool {
        let nodes: &mut dyn Iterator<Item = &mut Node> = match &mut self.kind {
            Kind::Mapping(entries) => {
                if let Some(at) = entries.iter().position(|(key, _)| key.span == *span) {
                    let StandIn::Word(word) = stand_in else { return false };
                    let is_free = entries.iter().all(|(key, _)| key.value != word);
                    if let Some((key, _)) = entries.get_mut(at).filter(|_| is_free) {
                        word.clone_into(&mut key.value);
                        self.is_pruned = true;
                    }
                    return is_free;
                }
                &mut entries.iter_mut().map(|(_, value)| value)
            }
            Kind::Sequence(items) => &mut items.iter_mut(),
            Kind::Null | Kind::Scalar(_) => return false,
        };
        for node in nodes {
            let is_it = node.span == *span && !matches!(node.kind, Kind::Mapping(_));
            if is_it {
                node.kind = match stand_in {
                    StandIn::Word(word) | StandIn::AnyWord(word) => Kind::Scalar(word.to_owned()),
                    StandIn::List => Kind::Sequence(Vec::new()),
                };
                node.is_pruned = true;
            }
            if is_it || node.replace(span, stand_in) {
                return true;
            }
        }
        false
    }

    /// Removes the items of lists in which something was pruned: half an item means something else than was written.
    fn drop_pruned_items(&mut self) -> bool {
        match &mut self.kind {
            Kind::Mapping(entries) => entries
                .iter_mut()
                .fold(self.is_pruned, |pruned, (_, value)| value.drop_pruned_items() || pruned),
            Kind::Sequence(items) => {
                let before = items.len();
                items.retain_mut(|item| !item.drop_pruned_items());
                self.is_pruned || items.len() < before
            }
            Kind::Null | Kind::Scalar(_) => self.is_pruned,
        }
    }

    /// Removes the entry or item whose key or value stands at `span`, and what is empty without it.
    fn prune(&mut self, span: &Range<usize>, whole: bool) -> bool {
        let is_it = |node: &Node| node.span == *span && (whole || !node.is_container());
        match &mut self.kind {
            Kind::Mapping(entries) => {
                let before = entries.len();
                entries.retain(|(key, value)| key.span != *span && !is_it(value));
                if entries.len() < before {
                    self.is_pruned = true;
                    return true;
                }
                let at = entries.iter_mut().position(|(_, value)| value.prune(span, whole));
                at.is_some_and(|at| {
                    if entries.get(at).is_some_and(|(_, value)| !value.is_container()) {
                        entries.remove(at);
                        self.is_pruned = true;
                    }
                    true
                })
            }
            Kind::Sequence(items) => {
                let before = items.len();
                items.retain(|item| !is_it(item));
                if items.len() < before {
                    return true;
                }
                let at = items.iter_mut().position(|item| item.prune(span, whole));
                at.is_some_and(|at| {
                    if items.get(at).is_some_and(|item| !item.is_container()) {
                        items.remove(at);
                    }
                    true
                })
            }
            Kind::Null | Kind::Scalar(_) => false,
        }
    }

    fn is_container(&self) -> bool {
        match &self.kind {
            Kind::Mapping(entries) => !entries.is_empty(),
            Kind::Sequence(items) => !items.is_empty(),
            Kind::Null | Kind::Scalar(_) => false,
        }
    }

    fn what(&self) -> &'static str {
        match self.kind {
            Kind::Null => "nothing",
            Kind::Scalar(_) => "a text",
            Kind::Sequence(_) => "a list",
            Kind::Mapping(_) => "a mapping",
        }
    }
}

#[cfg(test)]
mod tests;
