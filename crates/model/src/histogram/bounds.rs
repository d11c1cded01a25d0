//! Where the bounds of buckets lie.

use std::sync::{Arc, LazyLock};

/// How the bounds of buckets follow from their numbers.
#[derive(Clone, Debug, PartialEq)]
pub enum Scheme {
    /// Bucket `i` ends at `2^(i / 2^schema)`, with a schema from -4 to 8.
    Exponential(i8),
    /// Bucket `i` ends at the bound of that number, the last one at infinity. The bounds are
    /// finite and ascend.
    Custom(Arc<[f64]>),
}

/// The number that stands for custom bounds where others stand for exponential ones.
const CUSTOM_SCHEMA: i32 = -53;

impl Scheme {
    /// The lowest resolution: each bucket ends 2^16 times as high as the one before.
    pub const SCHEMA_MIN: i8 = -4;
    /// The highest resolution.
    pub const SCHEMA_MAX: i8 = 8;

    /// The number that exposition formats use, -53 for custom bounds.
    pub fn schema(&self) -> i32 {
        match self {
            Scheme::Exponential(schema) => i32::from(*schema),
            Scheme::Custom(_) => CUSTOM_SCHEMA,
        }
    }

    /// The scheme of a number as exposition formats use it, with the custom bounds that -53 needs;
    /// `None` for a number that stands for nothing.
    pub fn from_schema(schema: i32, custom_bounds: &[f64]) -> Option<Self> {
        if schema == CUSTOM_SCHEMA {
            return Some(Scheme::Custom(custom_bounds.into()));
        }
        let schema = i8::try_from(schema).ok()?;
        let known = Self::SCHEMA_MIN..=Self::SCHEMA_MAX;
        known.contains(&schema).then_some(Scheme::Exponential(schema))
    }

    /// The upper bound of a bucket on the positive side.
    pub(super) fn bound(&self, index: i32) -> f64 {
        match self {
            Scheme::Exponential(schema) => exponential_bound(index, *schema),
            Scheme::Custom(bounds) => match usize::try_from(index) {
                Ok(index) => bounds.get(index).copied().unwrap_or(f64::INFINITY),
                Err(_) => f64::NEG_INFINITY,
            },
        }
    }
}

/// The bucket of a lower resolution that holds this one.
pub(super) fn coarser(index: i32, from: i8, to: i8) -> i32 {
    ((index - 1) >> (from - to)) + 1
}

fn exponential_bound(index: i32, schema: i8) -> f64 {
    let (fraction, exponent) = if schema < 0 {
        (0.5, (i64::from(index) << -schema) + 1)
    } else {
        let position = (index & ((1 << schema) - 1)) as usize;
        let fraction = FRACTIONS[position << (Scheme::SCHEMA_MAX - schema)];
        (fraction, i64::from(index >> schema) + 1)
    };
    // The last bucket of finite numbers ends with them, so that the next one holds infinity.
    if fraction == 0.5 && exponent == 1025 { f64::MAX } else { scaled(fraction, exponent) }
}

/// `fraction * 2^exponent`, rounded once.
fn scaled(fraction: f64, exponent: i64) -> f64 {
    let power = |exponent: i64| f64::from_bits(((exponent + 1023) as u64) << 52);
    // A power may be out of range where the product is not; its two halves are in range.
    let exponent = exponent.clamp(-2044, 2046);
    let half = exponent / 2;
    fraction * power(half) * power(exponent - half)
}

/// The bounds from 0.5 on, below 1, of the highest resolution; those of lower ones are among them.
///
/// Prometheus' table is not of the nearest numbers: each bound between two known ones is the lower
/// of them times a root of 2, in floats. Repeating that gives its very bits.
static FRACTIONS: LazyLock<[f64; 256]> = LazyLock::new(|| {
    let mut fractions = [0.5; 256];
    for (level, root) in ROOTS_OF_TWO.iter().map(|bits| f64::from_bits(*bits)).enumerate() {
        let step = 256 >> (level + 1);
        for position in (step..256).step_by(2 * step) {
            fractions[position] = fractions[position - step] * root;
        }
    }
    fractions
});

/// The bits of `2^(1/2)`, `2^(1/4)` and so on; the first is one unit too small, as in Prometheus.
const ROOTS_OF_TWO: [u64; 8] = [
    0x3ff6_a09e_667f_3bcc,
    0x3ff3_06fe_0a31_b715,
    0x3ff1_72b8_3c7d_517b,
    0x3ff0_b558_6cf9_890f,
    0x3ff0_59b0_d315_8574,
    0x3ff0_2c9a_3e77_8061,
    0x3ff0_163d_a9fb_3335,
    0x3ff0_0b1a_fa5a_bcbf,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_of_all_resolutions() {
        for (schema, index, bound) in [
            (0, 0, 1.0),
            (0, 3, 8.0),
            (0, -2, 0.25),
            (0, 1024, f64::MAX),
            (0, 1025, f64::INFINITY),
            (0, -1074, 5e-324),
            (0, -1076, 0.0),
            (1, 1, f64::from_bits(std::f64::consts::SQRT_2.to_bits() - 1)),
            (8, 1, 1.002_711_275_050_202_5),
            (-1, 1, 4.0),
            (-4, 64, f64::MAX),
            (-4, 65, f64::INFINITY),
            (8, 256, 2.0),
            (8, 262_144, f64::MAX),
        ] {
            assert_eq!(exponential_bound(index, schema), bound, "{index} of schema {schema}");
        }
        let custom = Scheme::Custom([1.0, 5.0].into());
        assert_eq!([-1, 0, 2].map(|i| custom.bound(i)), [f64::NEG_INFINITY, 1.0, f64::INFINITY]);
    }

    #[test]
    fn a_coarser_bucket_ends_where_its_last_part_ends() {
        for index in -70..70 {
            let coarse = coarser(index, 3, 1);
            assert!(exponential_bound(coarse, 1) >= exponential_bound(index, 3));
            assert!(exponential_bound(coarse - 1, 1) <= exponential_bound(index - 1, 3));
        }
    }

    #[test]
    fn schemas_have_numbers() {
        assert_eq!(Scheme::from_schema(-53, &[1.0]).map(|scheme| scheme.schema()), Some(-53));
        assert_eq!(Scheme::from_schema(8, &[]), Some(Scheme::Exponential(8)));
        assert_eq!(Scheme::from_schema(9, &[]), None);
    }
}
