//! What is sold, in which currencies and for which cards.

/// Something in the catalogue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Product {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    /// In hundredths of whatever currency it is paid in.
    pub(crate) price_cents: u64,
    /// How often it is looked at, compared with the others.
    pub(crate) popularity: u32,
}

/// The whole catalogue.
pub(crate) const PRODUCTS: [Product; 8] = [
    product("mug", "Mug with a chart on it", 1_490, 30),
    product("notebook", "Notebook, squared", 690, 22),
    product("socks", "Socks in service colours", 1_290, 16),
    product("poster", "Poster of a flame graph", 2_490, 11),
    product("lamp", "Lamp that glows on errors", 4_990, 8),
    product("keyboard", "Keyboard without a pager key", 11_900, 6),
    product("telescope", "Telescope", 24_900, 4),
    product("clock", "Clock, monotonic", 8_900, 3),
];

const fn product(
    id: &'static str,
    name: &'static str,
    price_cents: u64,
    popularity: u32,
) -> Product {
    Product { id, name, price_cents, popularity }
}

/// The product of this id.
pub(crate) fn find(id: &str) -> Option<&'static Product> {
    PRODUCTS.iter().find(|product| product.id == id)
}

/// The currencies the shop takes.
pub(crate) const CURRENCIES: [&str; 3] = ["EUR", "USD", "GBP"];

/// The cards the shop takes.
pub(crate) const CARDS: [&str; 3] = ["visa", "mastercard", "amex"];

/// One of `known` that equals `text`, so that what a request says never becomes a label unchecked.
pub(crate) fn one_of(known: &[&'static str], text: &str) -> Option<&'static str> {
    known.iter().copied().find(|name| *name == text)
}
