//! Colour spaces and colours, as far as needed to tell what is dark, light or the same (ISO 32000-2 §8.6).

use super::function;
use super::session::Session;
use super::state::{Ink, NONE};
use super::{Interpreter, last_name, numbers};
use crate::extract::pdf::objects::{Objects, as_dictionary, as_number};
use crate::extract::pdf::tokens::{self, Operator, Token};
use lopdf::{Dictionary, Object};

/// How deep colour spaces may lie in one another.
const MAX_DEPTH: usize = 8;
/// How many components a colour may have.
const MAX_COMPONENTS: usize = 32;

/// A colour space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Space {
    Gray,
    Rgb,
    Cmyk,
    Lab,
    Pattern,
    /// One that needs data: an index into the session's spaces.
    Special(u32),
}

/// A colour space that needs data.
pub(super) enum Special<'o> {
    Indexed { base: Space, table: Vec<u8> },
    Tint { components: usize, alternate: Space, function: Option<&'o Object>, is_none: bool },
}

impl Space {
    /// How many numbers a colour has.
    pub(super) fn components(self, session: &Session<'_>) -> usize {
        match self {
            Self::Gray => 1,
            Self::Rgb | Self::Lab => 3,
            Self::Cmyk => 4,
            Self::Pattern => 0,
            Self::Special(index) => match session.space(index) {
                Some(Special::Tint { components, .. }) => *components,
                _ => 1,
            },
        }
    }

    fn by_components(count: i64) -> Self {
        match count {
            1 => Self::Gray,
            4 => Self::Cmyk,
            _ => Self::Rgb,
        }
    }

    /// The colour as sRGB.
    pub(super) fn colour(self, session: &Session<'_>, values: &[f32], depth: usize) -> [u8; 3] {
        let at = |index: usize| values.get(index).copied().unwrap_or(0.0);
        match self {
            Self::Gray | Self::Pattern => [byte(at(0)); 3],
            Self::Rgb => [byte(at(0)), byte(at(1)), byte(at(2))],
            Self::Cmyk => {
                let light = 1.0 - at(3).clamp(0.0, 1.0);
                [0, 1, 2].map(|index| byte((1.0 - at(index).clamp(0.0, 1.0)) * light))
            }
            Self::Lab => lab(at(0), at(1), at(2)),
            Self::Special(_) if depth > MAX_DEPTH => [0; 3],
            Self::Special(index) => session.special_colour(index, values, depth),
        }
    }
}

impl Session<'_> {
    fn special_colour(&self, index: u32, values: &[f32], depth: usize) -> [u8; 3] {
        let deeper = depth.saturating_add(1);
        match self.space(index) {
            Some(Special::Indexed { base, table }) => {
                let count = base.components(self).max(1);
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "saturates"
                )]
                let first = (values.first().copied().unwrap_or(0.0) as usize).saturating_mul(count);
                let bytes = table.get(first..first.saturating_add(count)).unwrap_or_default();
                let values: Vec<f32> = bytes.iter().map(|&byte| f32::from(byte) / 255.0).collect();
                base.colour(self, &values, deeper)
            }
            Some(Special::Tint { alternate, function, is_none: false, .. }) => {
                match function.and_then(|one| function::evaluate(self.objects, one, values, 0)) {
                    Some(values) => alternate.colour(self, &values, deeper),
                    None => [byte(1.0 - values.iter().copied().fold(0.0, f32::max)); 3],
                }
            }
            _ => [255; 3],
        }
    }
}

fn byte(share: f32) -> u8 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 255")]
    let value = share.clamp(0.0, 1.0).mul_add(255.0, 0.5) as u8;
    value
}

#[expect(clippy::many_single_char_names, reason = "the names that colorimetry has for them")]
/// CIE L*a*b* with the D50 white point, as sRGB.
fn lab(l: f32, a: f32, b: f32) -> [u8; 3] {
    let m = (l + 16.0) / 116.0;
    let curve = |t: f32| if t > 6.0 / 29.0 { t * t * t } else { 108.0 / 841.0 * (t - 4.0 / 29.0) };
    let (x, y, z) = (0.9642 * curve(m + a / 500.0), curve(m), 0.8249 * curve(m - b / 200.0));
    let linear = [
        3.1339 * x - 1.6169 * y - 0.4906 * z,
        -0.9788 * x + 1.9161 * y + 0.0335 * z,
        0.0719 * x - 0.2290 * y + 1.4052 * z,
    ];
    linear.map(|share| byte(share.clamp(0.0, 1.0).powf(1.0 / 2.2)))
}

/// Reads a colour space; what cannot be read is taken for `DeviceRGB` or gray by its number of components.
pub(super) fn parse<'o>(
    session: &mut Session<'o>,
    object: &'o Object,
    resources: Option<&'o Dictionary>,
    depth: usize,
) -> Space {
    let objects = session.objects;
    let object = objects.resolve(object);
    if depth > MAX_DEPTH {
        return Space::Gray;
    }
    if let Object::Name(name) = object {
        return named(session, name, resources, depth);
    }
    let Object::Array(parts) = object else { return Space::Gray };
    let Some(family) = parts.first().and_then(|first| objects.resolve(first).as_name().ok()) else {
        return Space::Gray;
    };
    match family {
        b"CalGray" | b"CalRGB" | b"Lab" | b"Pattern" => named(session, family, None, depth),
        b"ICCBased" => icc(session, parts, resources, depth),
        b"Indexed" | b"I" => indexed(session, parts, resources, depth),
        b"Separation" | b"DeviceN" => tint(session, parts, resources, depth),
        _ => named(session, family, resources, depth),
    }
}

/// A colour space by its name: a device space, or one of the resources.
pub(super) fn named<'o>(
    session: &mut Session<'o>,
    name: &[u8],
    resources: Option<&'o Dictionary>,
    depth: usize,
) -> Space {
    match name {
        b"DeviceGray" | b"G" | b"CalGray" => Space::Gray,
        b"DeviceRGB" | b"RGB" | b"CalRGB" => Space::Rgb,
        b"DeviceCMYK" | b"CMYK" => Space::Cmyk,
        b"Lab" => Space::Lab,
        b"Pattern" => Space::Pattern,
        _ => {
            let objects = session.objects;
            let found = resources
                .and_then(|resources| objects.dictionary(resources, b"ColorSpace"))
                .and_then(|spaces| objects.get(spaces, name));
            match found {
                Some(object) => {
                    session.remembered_space(object, resources, depth.saturating_add(1))
                }
                None => Space::Gray,
            }
        }
    }
}

fn icc<'o>(
    session: &mut Session<'o>,
    parts: &'o [Object],
    resources: Option<&'o Dictionary>,
    depth: usize,
) -> Space {
    let objects = session.objects;
    let profile = parts.get(1).and_then(|profile| as_dictionary(objects.resolve(profile)));
    let Some(profile) = profile else { return Space::Rgb };
    match (objects.integer(profile, b"N"), profile.get(b"Alternate")) {
        (Some(count), _) => Space::by_components(count),
        (None, Ok(alternate)) => parse(session, alternate, resources, depth.saturating_add(1)),
        _ => Space::Rgb,
    }
}

fn indexed<'o>(
    session: &mut Session<'o>,
    parts: &'o [Object],
    resources: Option<&'o Dictionary>,
    depth: usize,
) -> Space {
    let [_, base, _, table, ..] = parts else { return Space::Gray };
    let base = parse(session, base, resources, depth.saturating_add(1));
    let objects = session.objects;
    let table = match objects.resolve(table) {
        Object::String(bytes, _) => bytes.clone(),
        Object::Stream(stream) => objects.data(stream).0.into_owned(),
        _ => Vec::new(),
    };
    session.add_space(Special::Indexed { base, table })
}

fn tint<'o>(
    session: &mut Session<'o>,
    parts: &'o [Object],
    resources: Option<&'o Dictionary>,
    depth: usize,
) -> Space {
    let [_, names, alternate, function, ..] = parts else { return Space::Gray };
    let alternate = parse(session, alternate, resources, depth.saturating_add(1));
    let (components, is_none) = match session.objects.resolve(names) {
        Object::Array(names) => (names.len().min(MAX_COMPONENTS), false),
        Object::Name(name) => (1, name == b"None"),
        _ => (1, false),
    };
    session.add_space(Special::Tint { components, alternate, function: Some(function), is_none })
}

impl<'o> Interpreter<'_, 'o> {
    /// Executes a colour operator; false where it is none.
    pub(super) fn colour_operator(
        &mut self,
        operator: Operator,
        operands: &[Token<'_>],
        resources: Option<&'o Dictionary>,
    ) -> bool {
        let word = operator.0.to_be_bytes();
        let word = word.trim_ascii_start();
        let word = word.iter().position(|&byte| byte != 0).and_then(|at| word.get(at..));
        let device = |values: Option<Vec<f32>>, space| values.map(|values| (space, values));
        let set = match word.unwrap_or_default() {
            b"g" | b"G" => device(numbers::<1>(operands).map(Vec::from), Space::Gray),
            b"rg" | b"RG" => device(numbers::<3>(operands).map(Vec::from), Space::Rgb),
            b"k" | b"K" => device(numbers::<4>(operands).map(Vec::from), Space::Cmyk),
            b"cs" | b"CS" => {
                if let Some(name) = last_name(operands) {
                    let space = named(self.session, &tokens::name(name), resources, 0);
                    let initial = self.initial(space);
                    self.set_ink(operator, space, initial, NONE);
                }
                return true;
            }
            b"sc" | b"SC" | b"scn" | b"SCN" => {
                self.set_components(operator, operands, resources);
                return true;
            }
            _ => return false,
        };
        if let Some((space, values)) = set {
            let colour = space.colour(self.session, &values, 0);
            self.set_ink(operator, space, colour, NONE);
        }
        true
    }

    fn initial(&self, space: Space) -> [u8; 3] {
        match space {
            Space::Cmyk => [0; 3],
            // Initially full tint (ISO 32000-2 §8.6.6.4).
            Space::Special(index) => match self.session.space(index) {
                Some(Special::Tint { components, .. }) => {
                    space.colour(self.session, &vec![1.0; *components], 0)
                }
                _ => space.colour(self.session, &[0.0], 0),
            },
            _ => space.colour(self.session, &[0.0; 4], 0),
        }
    }

    fn set_components(
        &mut self,
        operator: Operator,
        operands: &[Token<'_>],
        resources: Option<&'o Dictionary>,
    ) {
        let values: Vec<f32> = operands
            .iter()
            .filter_map(|token| match token {
                Token::Number(value) => Some(*value),
                _ => None,
            })
            .take(MAX_COMPONENTS)
            .collect();
        let space = self.ink(operator).space;
        if let Some(name) = last_name(operands) {
            let pattern = self.session.pattern(resources, &tokens::name(name));
            let colour = match values.len() {
                // A pattern without a colour of its own looks like nothing in particular.
                0 => [128; 3],
                count => Space::by_components(i64::try_from(count).unwrap_or(3)).colour(
                    self.session,
                    &values,
                    0,
                ),
            };
            self.set_ink(operator, space, colour, pattern);
        } else {
            let colour = space.colour(self.session, &values, 0);
            self.set_ink(operator, space, colour, NONE);
        }
    }

    fn ink(&mut self, operator: Operator) -> &mut Ink {
        // Operators for strokes are in upper case.
        let strokes = operator.0.to_be_bytes().iter().any(u8::is_ascii_uppercase);
        if strokes { &mut self.state.stroke } else { &mut self.state.fill }
    }

    fn set_ink(&mut self, operator: Operator, space: Space, colour: [u8; 3], pattern: u32) {
        let ink = self.ink(operator);
        (ink.space, ink.colour, ink.pattern) = (space, colour, pattern);
    }
}

/// The numbers of an array of numbers.
pub(super) fn number_list(objects: &Objects<'_>, dictionary: &Dictionary, key: &[u8]) -> Vec<f32> {
    let elements = objects.array(dictionary, key);
    elements.iter().filter_map(|element| as_number(objects.resolve(element))).collect()
}
