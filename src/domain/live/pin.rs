//! The six digits by which people find a live session.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Six digits, the first not 0, so that nobody leaves it out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Pin(u32);

impl Pin {
    /// How many there are.
    pub const COUNT: u32 = 900_000;

    /// The `n`-th PIN, `n` below [`Self::COUNT`] (larger numbers wrap).
    pub fn nth(n: u32) -> Self {
        Self(100_000 + n % Self::COUNT)
    }

    /// As it is shown: two groups of three, easier to say and to type.
    pub fn grouped(self) -> String {
        format!("{:03} {:03}", self.0 / 1000, self.0 % 1000)
    }
}

impl fmt::Display for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl FromStr for Pin {
    type Err = ();

    /// Reads what people type and paste: spaces and hyphens between the digits do not matter.
    fn from_str(text: &str) -> Result<Self, ()> {
        let digits: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').take(7).collect();
        let number: u32 = digits.parse().map_err(|_| ())?;
        if digits.len() == 6 && number >= 100_000 { Ok(Self(number)) } else { Err(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_people_type() {
        for text in ["123456", "123 456", " 123-456 ", "12 34 56"] {
            assert_eq!(text.parse(), Ok(Pin(123_456)), "{text}");
        }
        for text in ["", "12345", "1234567", "012345", "12345a", "１２３４５６", "-123456789"] {
            assert!(text.parse::<Pin>().is_err(), "{text}");
        }
    }

    #[test]
    fn every_number_gives_a_pin_that_reads_back() {
        for n in [0, 1, 899_999, 900_000, u32::MAX] {
            let pin = Pin::nth(n);
            assert_eq!(pin.to_string().parse(), Ok(pin));
            assert_eq!(pin.grouped().parse(), Ok(pin));
        }
    }
}
