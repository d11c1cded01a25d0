//! Floating-point numbers as text: `strconv.FormatFloat`.

/// How many bits of the fraction a number has.
const FRACTION_BITS: u32 = 52;

/// Formats like the verbs `e`, `f`, `g`, `x` and `b`; without a precision, the shortest text that reads back
/// as the same number.
pub(crate) fn format(value: f64, verb: char, precision: Option<usize>) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    let sign = if value.is_sign_negative() { "-" } else { "" };
    let magnitude = value.abs();
    let text = match verb {
        'e' | 'E' => exponential(&Decimal::of(magnitude, precision.map(|p| p + 1)), precision),
        'g' | 'G' => general(magnitude, precision),
        'x' | 'X' => hexadecimal(magnitude, precision),
        'b' => {
            let (significand, exponent) = parts(magnitude);
            format!("{significand}p{:+}", exponent - FRACTION_BITS as i32)
        }
        _ => match precision {
            Some(places) => format!("{magnitude:.places$}"),
            None => fixed(&Decimal::of(magnitude, None)),
        },
    };
    let text = format!("{sign}{text}");
    if verb.is_ascii_uppercase() { text.to_ascii_uppercase() } else { text }
}

/// Digits without trailing zeros and where the decimal point lies among them.
struct Decimal {
    digits: String,
    point: i32,
}

impl Decimal {
    fn of(magnitude: f64, significant: Option<usize>) -> Self {
        let text = match significant {
            Some(count) => format!("{magnitude:.*e}", count.max(1) - 1),
            None => format!("{magnitude:e}"),
        };
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
        let digits = digits.trim_end_matches('0').to_owned();
        let point = if digits.is_empty() { 0 } else { exponent.parse::<i32>().unwrap_or(0) + 1 };
        Decimal { digits, point }
    }

    fn len(&self) -> i32 {
        i32::try_from(self.digits.len()).unwrap_or(i32::MAX)
    }
}

fn general(magnitude: f64, precision: Option<usize>) -> String {
    let decimal = Decimal::of(magnitude, precision.map(|p| p.max(1)));
    let mut limit = precision.map_or(6, |p| i32::try_from(p.max(1)).unwrap_or(i32::MAX));
    if precision.is_some() && limit > decimal.len() && decimal.len() >= decimal.point {
        limit = decimal.len();
    }
    let exponent = decimal.point - 1;
    if !decimal.digits.is_empty() && (exponent < -4 || exponent >= limit) {
        exponential(&decimal, None)
    } else {
        fixed(&decimal)
    }
}

fn fixed(decimal: &Decimal) -> String {
    let Decimal { digits, point } = decimal;
    if digits.is_empty() {
        return "0".to_owned();
    }
    match usize::try_from(*point) {
        Ok(point) if point >= digits.len() => format!("{digits:0<point$}"),
        Ok(point) if point > 0 => format!("{}.{}", &digits[..point], &digits[point..]),
        _ => format!("0.{}{digits}", "0".repeat(point.unsigned_abs() as usize)),
    }
}

fn exponential(decimal: &Decimal, precision: Option<usize>) -> String {
    let digits = if decimal.digits.is_empty() { "0" } else { &decimal.digits };
    let places = precision.unwrap_or(digits.len() - 1);
    let point = if places > 0 { "." } else { "" };
    let exponent = if decimal.digits.is_empty() { 0 } else { decimal.point - 1 };
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{}{point}{:0<places$}e{sign}{:02}", &digits[..1], &digits[1..], exponent.abs())
}

/// The number as significand · 2^(exponent − 52).
fn parts(magnitude: f64) -> (u64, i32) {
    let bits = magnitude.to_bits();
    let fraction = bits & ((1 << FRACTION_BITS) - 1);
    match i32::try_from(bits >> FRACTION_BITS).unwrap_or(0) {
        0 => (fraction, -1022),
        biased => (fraction | 1 << FRACTION_BITS, biased - 1023),
    }
}

/// `0x1.8p+01`
fn hexadecimal(magnitude: f64, precision: Option<usize>) -> String {
    let (mut significand, mut exponent) = parts(magnitude);
    if significand == 0 {
        exponent = 0;
    } else {
        let shift = significand.leading_zeros().saturating_sub(63 - FRACTION_BITS);
        significand <<= shift;
        exponent -= i32::try_from(shift).unwrap_or(0);
    }
    let places = precision.map_or(FRACTION_BITS, |places| {
        u32::try_from(places.saturating_mul(4)).unwrap_or(u32::MAX).min(FRACTION_BITS)
    });
    // Rounds to even.
    let cut = FRACTION_BITS - places;
    let rest = significand & ((1 << cut) - 1);
    significand >>= cut;
    let half = (1 << cut) >> 1;
    if cut > 0 && (rest > half || (rest == half && significand & 1 == 1)) {
        significand += 1;
    }
    if significand >> (places + 1) != 0 {
        significand >>= 1;
        exponent += 1;
    }
    let digits = significand & ((1 << places) - 1);
    let digits = if places > 0 {
        format!("{digits:0width$x}", width = places as usize / 4)
    } else {
        String::new()
    };
    let digits = match precision {
        Some(precision) => format!("{digits:0<precision$}"),
        None => digits.trim_end_matches('0').to_owned(),
    };
    let point = if digits.is_empty() { "" } else { "." };
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("0x{}{point}{digits}p{sign}{:02}", significand >> places, exponent.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_go_writes_them() {
        for (value, verb, precision, expected) in [
            (0.0, 'g', None, "0"),
            (-0.0, 'g', None, "-0"),
            (1.0, 'g', None, "1"),
            (100_000.0, 'g', None, "100000"),
            (1_000_000.0, 'g', None, "1e+06"),
            (123_456_789.0, 'g', None, "1.23456789e+08"),
            (0.0001, 'g', None, "0.0001"),
            (0.000_01, 'g', None, "1e-05"),
            (1.5, 'g', None, "1.5"),
            (1234.5678, 'g', Some(4), "1235"),
            (12_345.678, 'g', Some(4), "1.235e+04"),
            (1000.0, 'g', Some(4), "1000"),
            (0.12, 'g', Some(4), "0.12"),
            (0.5, 'g', Some(0), "0.5"),
            (1e300, 'f', Some(0), &format!("{:.0}", 1e300)),
            (2.5, 'f', Some(0), "2"),
            (1.0, 'f', Some(2), "1.00"),
            (1e21, 'f', None, "1000000000000000000000"),
            (0.000_001, 'f', None, "0.000001"),
            (0.0, 'e', Some(3), "0.000e+00"),
            (123.456, 'e', Some(2), "1.23e+02"),
            (123.456, 'E', None, "1.23456E+02"),
            (100.0, 'e', Some(1), "1.0e+02"),
            (0.0, 'x', None, "0x0p+00"),
            (1.0, 'x', None, "0x1p+00"),
            (-0.5, 'x', None, "-0x1p-01"),
            (1e6, 'X', None, "0X1.E848P+19"),
            (0.000_01, 'x', None, "0x1.4f8b588e368f1p-17"),
            (1.0, 'x', Some(4), "0x1.0000p+00"),
            (1.968_75, 'x', Some(1), "0x1.0p+01"),
            (1.531_25, 'x', Some(1), "0x1.8p+00"),
            (1.75, 'x', Some(0), "0x1p+01"),
            (5e-324, 'x', None, "0x1p-1074"),
            (3.5, 'b', None, "7881299347898368p-51"),
            (1e21, 'b', None, "7629394531250000p+17"),
            (f64::INFINITY, 'f', Some(2), "+Inf"),
            (f64::NEG_INFINITY, 'g', None, "-Inf"),
            (f64::NAN, 'g', None, "NaN"),
        ] {
            assert_eq!(format(value, verb, precision), expected, "{value} {verb} {precision:?}");
        }
    }
}
