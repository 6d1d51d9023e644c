//! Functions, for tints (ISO 32000-2 §7.10).

use super::colour::number_list;
use crate::extract::pdf::objects::{Objects, as_dictionary};
use lopdf::{Dictionary, Object};

/// How deep functions may be stitched together.
const MAX_DEPTH: usize = 8;

/// The values of a function, or of an array of functions; `None` where it cannot be evaluated.
pub(super) fn evaluate(
    objects: &Objects<'_>,
    function: &Object,
    inputs: &[f32],
    depth: usize,
) -> Option<Vec<f32>> {
    if depth > MAX_DEPTH {
        return None;
    }
    let deeper = depth.saturating_add(1);
    let function = objects.resolve(function);
    if let Object::Array(functions) = function {
        let mut values = Vec::new();
        for one in functions.iter().take(32) {
            values.extend(evaluate(objects, one, inputs, deeper)?);
        }
        return Some(values);
    }
    let dictionary = as_dictionary(function)?;
    let domain = number_list(objects, dictionary, b"Domain");
    let inputs: Vec<f32> = inputs
        .iter()
        .zip(domain.chunks_exact(2))
        .map(|(&input, bounds)| within(input, bounds))
        .collect();
    match objects.integer(dictionary, b"FunctionType")? {
        0 => sampled(objects, function, dictionary, &inputs),
        2 => Some(exponential(objects, dictionary, *inputs.first()?)),
        3 => stitched(objects, dictionary, *inputs.first()?, &domain, deeper),
        _ => None,
    }
}

fn within(value: f32, bounds: &[f32]) -> f32 {
    match bounds {
        [low, high] => value.max(*low).min(*high),
        _ => value,
    }
}

fn exponential(objects: &Objects<'_>, dictionary: &Dictionary, input: f32) -> Vec<f32> {
    let or = |mut list: Vec<f32>, default: f32| {
        if list.is_empty() {
            list.push(default);
        }
        list
    };
    let low = or(number_list(objects, dictionary, b"C0"), 0.0);
    let high = or(number_list(objects, dictionary, b"C1"), 1.0);
    let share = input.powf(objects.number(dictionary, b"N").unwrap_or(1.0));
    low.iter().zip(&high).map(|(low, high)| low + share * (high - low)).collect()
}

fn stitched(
    objects: &Objects<'_>,
    dictionary: &Dictionary,
    input: f32,
    domain: &[f32],
    depth: usize,
) -> Option<Vec<f32>> {
    let bounds = number_list(objects, dictionary, b"Bounds");
    let encode = number_list(objects, dictionary, b"Encode");
    let index = bounds.iter().take_while(|&&bound| input >= bound).count();
    let function = objects.array(dictionary, b"Functions").get(index)?;
    let low = match index.checked_sub(1) {
        Some(before) => *bounds.get(before)?,
        None => *domain.first()?,
    };
    let high = bounds.get(index).or(domain.get(1)).copied()?;
    let first = index.saturating_mul(2);
    let (from, to) = (*encode.get(first)?, *encode.get(first.saturating_add(1))?);
    let share = if high > low { (input - low) / (high - low) } else { 0.0 };
    evaluate(objects, function, &[from + share * (to - from)], depth)
}

/// The nearest sample; exact enough to tell a dark colour from a light one.
fn sampled(
    objects: &Objects<'_>,
    function: &Object,
    dictionary: &Dictionary,
    inputs: &[f32],
) -> Option<Vec<f32>> {
    let stream = function.as_stream().ok()?;
    let size = number_list(objects, dictionary, b"Size");
    let range = number_list(objects, dictionary, b"Range");
    let domain = number_list(objects, dictionary, b"Domain");
    let decode = number_list(objects, dictionary, b"Decode");
    let bits = usize::try_from(objects.integer(dictionary, b"BitsPerSample")?).ok()?;
    let outputs = range.len() / 2;
    let (mut index, mut stride) = (0_usize, 1_usize);
    for ((input, bounds), size) in inputs.iter().zip(domain.chunks_exact(2)).zip(&size) {
        let [low, high] = bounds else { return None };
        let share = if high > low { (input - low) / (high - low) } else { 0.0 };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
        let (at, count) = ((share * (size - 1.0)).round() as usize, *size as usize);
        index = index.saturating_add(at.saturating_mul(stride));
        stride = stride.saturating_mul(count);
    }
    let (data, _) = objects.data(stream);
    let values = (0..outputs).map(|output| {
        let sample = sample(&data, index.saturating_mul(outputs).saturating_add(output), bits)?;
        let bounds = decode.chunks_exact(2).nth(output).or(range.chunks_exact(2).nth(output))?;
        let [low, high] = bounds else { return None };
        Some(low + sample * (high - low))
    });
    values.collect()
}

/// Sample `index` of packed samples, as a share of the largest value.
fn sample(data: &[u8], index: usize, bits: usize) -> Option<f32> {
    match bits {
        8 => Some(f32::from(*data.get(index)?) / 255.0),
        16 | 24 | 32 => {
            let first = index.checked_mul(bits / 8)?;
            let pair = data.get(first..first.checked_add(2)?)?;
            Some(f32::from(u16::from_be_bytes(pair.try_into().ok()?)) / 65535.0)
        }
        1 | 2 | 4 => {
            let bit = index.checked_mul(bits)?;
            let shift = 8_usize.checked_sub(bits)?.checked_sub(bit % 8)?;
            let most = (1_u8 << bits).wrapping_sub(1);
            Some(f32::from(data.get(bit / 8)? >> shift & most) / f32::from(most))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::Budget;
    use lopdf::{Document, Stream, dictionary};

    #[test]
    fn tints_are_computed_by_each_kind_of_function() {
        let (file, budget) = (Document::new(), Budget::default());
        let objects = Objects::new(&file, &budget);
        let numbers =
            |list: &[f32]| Object::Array(list.iter().map(|&value| Object::Real(value)).collect());
        let power = dictionary! {"FunctionType" => 2, "Domain" => numbers(&[0.0, 1.0]), "N" => 1,
        "C0" => numbers(&[0.0, 1.0]), "C1" => numbers(&[1.0, 0.0])};
        let stitched = dictionary! {"FunctionType" => 3, "Domain" => numbers(&[0.0, 1.0]),
        "Bounds" => numbers(&[0.5]), "Encode" => numbers(&[0.0, 1.0, 1.0, 0.0]),
        "Functions" => vec![power.clone().into(), power.clone().into()]};
        let sampled = dictionary! {"FunctionType" => 0, "Domain" => numbers(&[0.0, 1.0]),
        "Range" => numbers(&[0.0, 1.0]), "Size" => numbers(&[3.0]), "BitsPerSample" => 8};
        let sampled = Stream::new(sampled, vec![0, 51, 255]);
        let cases: [(Object, f32, &[f32]); 4] = [
            (power.into(), 0.25, &[0.25, 0.75]),
            (stitched.clone().into(), 0.25, &[0.5, 0.5]),
            (stitched.into(), 0.75, &[0.5, 0.5]),
            (sampled.into(), 0.5, &[0.2]),
        ];
        for (function, input, expected) in &cases {
            let values = evaluate(&objects, function, &[*input], 0).unwrap();
            assert!(values.iter().zip(*expected).all(|(a, b)| (a - b).abs() < 1e-4), "{values:?}");
        }
    }
}
