//! Values: every bit comes back, NaNs and negative zeros included.
//!
//! A block opens with the number of its codec, so that others can be added:
//!
//! - `CONSTANT`: one value for all.
//! - `RUNS`: values and how often each repeats.
//! - `DECIMAL`: integers over a power of ten, which is what most measured values are, as
//!   differences of first or second order; values that are none are exceptions.
//! - `XOR`: the bits of each value against those of the one before, the highest bytes of all first.

use super::{Cursor, Malformed, put_ivarint, put_uvarint};

const CONSTANT: u8 = 0;
const RUNS: u8 = 1;
const DECIMAL: u8 = 2;
const XOR: u8 = 3;

/// Ten to these powers is exact, and so is its quotient's rounding on every machine.
const POWERS: [f64; 15] =
    [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14];
/// Integers up to here are exact.
const INTEGER_MAX: f64 = 9_007_199_254_740_992.0;

/// Writes values; their number is not written.
pub(crate) fn put_values(values: &[f64], out: &mut Vec<u8>) {
    let runs = 1 + values.windows(2).filter(|pair| !same(pair[0], pair[1])).count();
    if runs == 1 {
        out.push(CONSTANT);
        out.extend_from_slice(&values.first().copied().unwrap_or_default().to_le_bytes());
    } else if runs * 8 <= values.len() {
        out.push(RUNS);
        put_runs(values, out);
    } else if let Some(decimal) = Decimal::of(values) {
        out.push(DECIMAL);
        decimal.put(out);
    } else {
        out.push(XOR);
        put_xor(values, out);
    }
}

/// Reads `count` values.
pub(crate) fn get_values(cursor: &mut Cursor<'_>, count: usize) -> Result<Vec<f64>, Malformed> {
    let values = match cursor.u8()? {
        CONSTANT => vec![cursor.f64()?; count],
        RUNS => get_runs(cursor, count)?,
        DECIMAL => get_decimal(cursor, count)?,
        XOR => get_xor(cursor, count)?,
        _ => return Err(Malformed("a block has an unknown codec")),
    };
    Ok(values)
}

fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits()
}

fn put_runs(values: &[f64], out: &mut Vec<u8>) {
    for run in values.chunk_by(|a, b| same(*a, *b)) {
        put_uvarint(out, run.len() as u64);
        out.extend_from_slice(&run[0].to_le_bytes());
    }
}

fn get_runs(cursor: &mut Cursor<'_>, count: usize) -> Result<Vec<f64>, Malformed> {
    let mut values = Vec::with_capacity(count);
    while values.len() < count {
        let len = usize::try_from(cursor.uvarint()?).unwrap_or(usize::MAX);
        if len == 0 || len > count - values.len() {
            return Err(Malformed("a run is too long"));
        }
        values.resize(values.len() + len, cursor.f64()?);
    }
    Ok(values)
}

/// Values as integers over `POWERS[exponent]`.
struct Decimal {
    exponent: usize,
    integers: Vec<i64>,
    /// Positions and values of what is no such number; the integer there repeats the one before.
    exceptions: Vec<(usize, f64)>,
}

impl Decimal {
    /// `None` when too many values are no short decimals.
    fn of(values: &[f64]) -> Option<Self> {
        let exponent = values.iter().filter_map(|value| exponent_of(*value)).max()?;
        let mut decimal = Decimal { exponent, integers: Vec::new(), exceptions: Vec::new() };
        let exceptions_max = values.len() / 16 + 1;
        let mut last = 0;
        for (position, value) in values.iter().enumerate() {
            match integer(*value, exponent) {
                Some(integer) => last = integer,
                None if decimal.exceptions.len() == exceptions_max => return None,
                None => decimal.exceptions.push((position, *value)),
            }
            decimal.integers.push(last);
        }
        Some(decimal)
    }

    fn put(&self, out: &mut Vec<u8>) {
        let first = differences(&self.integers);
        let second = differences(&first);
        let order = if cost(&second) < cost(&first) { 2 } else { 1 };
        out.push(self.exponent as u8 | order << 4);
        put_uvarint(out, self.exceptions.len() as u64);
        for (position, value) in &self.exceptions {
            put_uvarint(out, *position as u64);
            out.extend_from_slice(&value.to_le_bytes());
        }
        let differences = if order == 2 { &second } else { &first };
        differences.iter().for_each(|difference| put_ivarint(out, *difference));
    }
}

/// The integer that a value is over a power of ten, when it comes back bit for bit.
fn integer(value: f64, exponent: usize) -> Option<i64> {
    let scaled = (value * POWERS[exponent]).round();
    // NaN is not smaller, and negative zero does not come back.
    let exact = scaled.abs() <= INTEGER_MAX && same(scaled as i64 as f64 / POWERS[exponent], value);
    exact.then_some(scaled as i64)
}

fn exponent_of(value: f64) -> Option<usize> {
    (0..POWERS.len()).find(|exponent| integer(value, *exponent).is_some())
}

fn differences(numbers: &[i64]) -> Vec<i64> {
    let before = std::iter::once(&0).chain(numbers);
    numbers.iter().zip(before).map(|(number, before)| number.wrapping_sub(*before)).collect()
}

/// How many bits they take about, without the first two, which are not typical.
fn cost(numbers: &[i64]) -> u32 {
    numbers.iter().skip(2).map(|number| 64 - number.unsigned_abs().leading_zeros()).sum()
}

fn get_decimal(cursor: &mut Cursor<'_>, count: usize) -> Result<Vec<f64>, Malformed> {
    let shape = cursor.u8()?;
    let power = POWERS.get(usize::from(shape & 0xf));
    let power = *power.ok_or(Malformed("a decimal block has an unknown exponent"))?;
    let order = shape >> 4;
    if order != 1 && order != 2 {
        return Err(Malformed("a decimal block has an unknown order"));
    }
    let mut exceptions = Vec::new();
    for _ in 0..cursor.count()? {
        exceptions.push((cursor.uvarint()?, cursor.f64()?));
    }
    let mut values = Vec::with_capacity(count);
    let (mut number, mut step) = (0i64, 0i64);
    for _ in 0..count {
        let difference = cursor.ivarint()?;
        step = if order == 2 { step.wrapping_add(difference) } else { difference };
        number = number.wrapping_add(step);
        values.push(number as f64 / power);
    }
    for (position, value) in exceptions {
        let position = usize::try_from(position).unwrap_or(usize::MAX);
        let exception = values.get_mut(position);
        *exception.ok_or(Malformed("an exception lies behind the block"))? = value;
    }
    Ok(values)
}

fn put_xor(values: &[f64], out: &mut Vec<u8>) {
    let mut previous = 0;
    let mut bits = Vec::with_capacity(values.len());
    for value in values {
        bits.push(value.to_bits() ^ previous);
        previous = value.to_bits();
    }
    for byte in (0..8).rev() {
        out.extend(bits.iter().map(|bits| (bits >> (byte * 8)) as u8));
    }
}

fn get_xor(cursor: &mut Cursor<'_>, count: usize) -> Result<Vec<f64>, Malformed> {
    let mut bits = vec![0u64; count];
    for byte in (0..8).rev() {
        for (bits, part) in bits.iter_mut().zip(cursor.bytes(count)?) {
            *bits |= u64::from(*part) << (byte * 8);
        }
    }
    let mut previous = 0;
    let values = bits.into_iter().map(|bits| {
        previous ^= bits;
        f64::from_bits(previous)
    });
    Ok(values.collect())
}

#[cfg(test)]
mod tests {
    use env::{Random, SimRandom};
    use model::stale_nan;

    use super::*;

    fn check(codec: u8, values: &[f64]) {
        let mut out = Vec::new();
        put_values(values, &mut out);
        assert_eq!(out[0], codec, "{values:?}");
        let mut cursor = Cursor::new(&out);
        let back = get_values(&mut cursor, values.len()).unwrap();
        assert!(back.iter().zip(values).all(|(a, b)| same(*a, *b)), "{values:?} {back:?}");
        assert!(cursor.is_empty());
        // Cut anywhere, it is an error or the same number of values, never a panic.
        for len in 0..out.len() {
            let _ = get_values(&mut Cursor::new(&out[..len]), values.len());
        }
    }

    #[test]
    fn every_bit_comes_back() {
        check(CONSTANT, &[]);
        check(CONSTANT, &[1.5; 100]);
        check(CONSTANT, &[stale_nan(); 3]);
        check(RUNS, &[[1.0; 20], [2.0; 20]].concat());
        check(DECIMAL, &[1.0, 2.0, 4.0]);
        check(DECIMAL, &[0.1, 0.25, -3.75, 1e14]);
        check(DECIMAL, &[1.0, 2.0, 3.0, stale_nan()]);
        check(DECIMAL, &[-0.0, 1.0, 0.0]);
        check(DECIMAL, &[9_007_199_254_740_992.0, -9_007_199_254_740_992.0]);
        check(XOR, &[1e300, 1e-300]);
        check(XOR, &[f64::INFINITY, f64::NEG_INFINITY, f64::NAN, f64::MIN_POSITIVE]);
        check(XOR, &[1.0 / 3.0, 2.0 / 3.0, std::f64::consts::PI]);
    }

    #[test]
    fn random_values_come_back() {
        let random = SimRandom::seeded(7);
        for round in 0..2000 {
            let count = random.next_u64() as usize % 40 + 1;
            let values: Vec<_> = (0..count)
                .map(|_| match (round + random.next_u64() % 2) % 5 {
                    0 => f64::from_bits(random.next_u64()),
                    1 => (random.next_u64() % 100_000) as f64 / 100.0,
                    2 => (random.next_u64() % 1000) as f64,
                    3 => (random.next_u64() as i64) as f64,
                    _ => (random.next_u64() % 1000) as f64 * 0.001,
                })
                .collect();
            let mut out = Vec::new();
            put_values(&values, &mut out);
            let back = get_values(&mut Cursor::new(&out), count).unwrap();
            assert!(back.iter().zip(&values).all(|(a, b)| same(*a, *b)), "{values:?}");
        }
    }

    #[test]
    fn any_bytes_are_read_without_harm() {
        let random = SimRandom::seeded(8);
        for _ in 0..20_000 {
            let mut bytes = vec![0; random.next_u64() as usize % 60];
            random.fill(&mut bytes);
            if let Some(codec) = bytes.first_mut() {
                *codec %= 5;
            }
            if let Ok(values) = get_values(&mut Cursor::new(&bytes), 5) {
                assert_eq!(values.len(), 5);
            }
        }
    }
}
