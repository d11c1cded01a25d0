//! Who shops, and with what.

use crate::products::CARDS;

/// How many different customers there are.
const CUSTOMERS: usize = 200;

/// A customer: always of the same tenant, with the same card.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Customer {
    pub(super) user_id: String,
    pub(super) tenant: &'static str,
    pub(super) card: &'static str,
    pub(super) currency: &'static str,
}

impl Customer {
    /// A customer by lot, a number from 0 up to 1; some come much more often than others.
    pub(super) fn pick(lot: f64) -> Self {
        Customer::number((lot * lot * CUSTOMERS as f64) as usize % CUSTOMERS)
    }

    fn number(number: usize) -> Self {
        let (tenant, currency) = match number % 4 {
            0 | 1 => ("acme", "EUR"),
            2 => ("globex", "USD"),
            _ => ("initech", "GBP"),
        };
        let card = match number * 7 % 10 {
            0..5 => CARDS[0],
            5..8 => CARDS[1],
            _ => CARDS[2],
        };
        Customer { user_id: format!("user-{number:03}"), tenant, card, currency }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_card_meets_every_currency() {
        let all: Vec<_> = (0..CUSTOMERS).map(Customer::number).collect();
        for card in CARDS {
            for currency in ["EUR", "USD", "GBP"] {
                let count = all.iter().filter(|c| c.card == card && c.currency == currency).count();
                assert!(count >= CUSTOMERS / 25, "{card} {currency}: {count}");
            }
        }
        assert_eq!(Customer::pick(0.0).user_id, "user-000");
        assert_eq!(Customer::pick(0.999_999).user_id, "user-199");
    }
}
