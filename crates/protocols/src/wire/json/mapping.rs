//! Protobuf's JSON mapping, with the deviations OTLP makes: identifiers are hexadecimal.
//!
//! <https://protobuf.dev/programming-guides/json/>: 64-bit integers may be strings, doubles may be
//! the strings `NaN`, `Infinity` and `-Infinity`, bytes are base64 of either alphabet, null is the
//! same as absent.

use std::borrow::Cow;

use base64::Engine;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

use super::{JsonReader, Kind};
use crate::DecodeError;
use crate::limits::Budget;
use crate::wire::reader::{Fields, Reader};

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);

impl<'a> JsonReader<'a> {
    /// A number, or a string that holds one.
    fn number_text(&mut self) -> Result<Cow<'a, str>, DecodeError> {
        match self.peek()? {
            Kind::String => self.string(),
            _ => self.number().map(Cow::Borrowed),
        }
    }

    fn whole<T: std::str::FromStr + TryFrom<i128>>(&mut self) -> Result<T, DecodeError> {
        let text = self.number_text()?;
        if let Ok(number) = text.parse() {
            return Ok(number);
        }
        // Writers that have only doubles send 1.0 or 1.5e3 for whole numbers.
        let whole = text.parse().ok().filter(|number: &f64| number.fract() == 0.0);
        whole
            .and_then(|number| T::try_from(number as i128).ok())
            .ok_or_else(|| self.error(format!("{text:?} is not a whole number of this width")))
    }
}

impl<'a> Reader<'a> for JsonReader<'a> {
    fn message(
        &mut self,
        fields: &Fields,
        mut each: impl FnMut(&mut Self, u32) -> Result<(), DecodeError>,
    ) -> Result<(), DecodeError> {
        self.object(|reader, name| {
            let Some((number, _)) = fields.iter().find(|(_, known)| *known == name) else {
                return Ok(());
            };
            match reader.peek()? {
                Kind::Null => Ok(()),
                Kind::Array => reader.array(|reader, _| match reader.peek()? {
                    Kind::Null => Ok(()),
                    _ => each(reader, *number),
                }),
                _ => each(reader, *number),
            }
        })
    }

    fn text(&mut self) -> Result<Cow<'a, str>, DecodeError> {
        self.string()
    }

    fn bytes(&mut self) -> Result<Cow<'a, [u8]>, DecodeError> {
        let text = self.string()?;
        let alphabet = if text.contains(['-', '_']) { URL_SAFE } else { STANDARD };
        match GeneralPurpose::new(&alphabet, LENIENT).decode(text.as_bytes()) {
            Ok(bytes) => Ok(Cow::Owned(bytes)),
            Err(error) => Err(self.error(format!("bytes are not base64: {error}"))),
        }
    }

    fn id<const N: usize>(&mut self) -> Result<Option<[u8; N]>, DecodeError> {
        let text = self.string()?;
        if text.len() != 2 * N {
            return Ok(None);
        }
        let mut id = [0; N];
        for (byte, digits) in id.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            let digit = |digit: u8| char::from(digit).to_digit(16);
            let (Some(high), Some(low)) = (digit(digits[0]), digit(digits[1])) else {
                return Err(self.error(format!("the identifier {text:?} is not hexadecimal")));
            };
            *byte = (high << 4 | low) as u8;
        }
        Ok(Some(id))
    }

    fn unsigned(&mut self) -> Result<u64, DecodeError> {
        self.whole()
    }

    fn signed(&mut self) -> Result<i64, DecodeError> {
        self.whole()
    }

    fn enumeration(&mut self, by_name: fn(&str) -> Option<u64>) -> Result<u64, DecodeError> {
        if self.peek()? == Kind::String {
            let start = self.position();
            let name = self.string()?;
            if let Some(number) = by_name(&name) {
                return Ok(number);
            }
            self.position = start;
        }
        self.whole()
    }

    fn double(&mut self) -> Result<f64, DecodeError> {
        let text = self.number_text()?;
        match text.as_ref() {
            "Infinity" => Ok(f64::INFINITY),
            "-Infinity" => Ok(f64::NEG_INFINITY),
            number => number.parse().map_err(|_| self.error(format!("{text:?} is not a number"))),
        }
    }

    fn boolean(&mut self) -> Result<bool, DecodeError> {
        self.bool()
    }

    fn unsigned_list(&mut self, out: &mut Vec<u64>) -> Result<(), DecodeError> {
        self.budget.charge(size_of::<u64>())?;
        out.push(self.whole()?);
        Ok(())
    }

    fn double_list(&mut self, out: &mut Vec<f64>) -> Result<(), DecodeError> {
        self.budget.charge(size_of::<f64>())?;
        out.push(self.double()?);
        Ok(())
    }

    fn budget(&mut self) -> &mut Budget {
        &mut self.budget
    }
}
