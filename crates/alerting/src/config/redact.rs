//! The file's text without its secrets, for people to look at.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Spanned;

const HIDDEN: &str = "<secret>";

/// Whether what stands under a key is a secret. Addresses are, wherever they may let somebody in.
fn is_secret(key: &str) -> bool {
    let ends = [
        "password",
        "secret",
        "token",
        "token_id",
        "api_key",
        "secret_key",
        "service_key",
        "user_key",
        "credentials",
    ];
    let whole = [
        "api_url",
        "slack_api_url",
        "url",
        "webhook_url",
        "mattermost_webhook_url",
        "proxy_url",
        "key",
        "routing_key",
        "http_headers",
        "proxy_connect_header",
    ];
    ends.iter().any(|end| key.ends_with(end)) || whole.contains(&key)
}

/// The bytes of scalars that are secrets.
struct Secrets(Vec<(usize, usize)>);

/// Scalars somewhere below a key, and whether they are secrets for themselves.
struct Tree {
    /// Whether this is a scalar, whose place whoever holds it knows.
    is_scalar: bool,
    secrets: Vec<(usize, usize)>,
    /// All scalars, for the case that a key above makes them secrets.
    scalars: Vec<(usize, usize)>,
}

fn add(tree: &mut Tree, key: Option<&str>, below: Spanned<Tree>) {
    let secret = key.is_some_and(is_secret);
    let span = below.defined.span();
    if below.value.is_scalar
        && let Some((offset, len)) = byte_range(&span)
    {
        tree.scalars.push((offset, len));
        if secret {
            tree.secrets.push((offset, len));
        }
    }
    if secret {
        tree.secrets.extend(&below.value.scalars);
    }
    tree.secrets.extend(below.value.secrets);
    tree.scalars.extend(below.value.scalars);
}

fn byte_range(span: &serde_saphyr::Span) -> Option<(usize, usize)> {
    let offset = usize::try_from(span.byte_offset()?).ok()?;
    Some((offset, usize::try_from(span.byte_len()?).ok()?))
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TreeVisitor)
    }
}

struct TreeVisitor;

macro_rules! scalars {
    ($($visit:ident: $type:ty),*) => {$(
        fn $visit<E>(self, _value: $type) -> Result<Tree, E> {
            Ok(Tree { is_scalar: true, secrets: Vec::new(), scalars: Vec::new() })
        }
    )*};
}

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    scalars!(visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64, visit_str: &str, visit_i128: i128, visit_u128: u128);

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree { is_scalar: false, secrets: Vec::new(), scalars: Vec::new() })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Tree, A::Error> {
        let mut tree = Tree { is_scalar: false, secrets: Vec::new(), scalars: Vec::new() };
        while let Some(below) = seq.next_element()? {
            add(&mut tree, None, below);
        }
        Ok(tree)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Tree, A::Error> {
        let mut tree = Tree { is_scalar: false, secrets: Vec::new(), scalars: Vec::new() };
        while let Some((key, below)) = map.next_entry::<String, _>()? {
            add(&mut tree, Some(&key), below);
        }
        Ok(tree)
    }
}

impl Secrets {
    fn of(text: &str) -> Option<Self> {
        let mut secrets = crate::yaml::parse::<Tree>(text).ok()?.secrets;
        secrets.sort_unstable();
        secrets.dedup();
        Some(Secrets(secrets))
    }
}

/// Replaces every scalar that is a secret. A text that cannot be read is not shown at all.
pub(super) fn redact(text: &str) -> String {
    let Some(Secrets(secrets)) = Secrets::of(text) else { return String::new() };
    let mut out = String::with_capacity(text.len());
    let mut shown = 0;
    for (offset, len) in secrets {
        let (Some(before), Some(_)) = (text.get(shown..offset), text.get(offset..offset + len))
        else {
            return String::new();
        };
        out.push_str(before);
        out.push_str(HIDDEN);
        shown = offset + len;
    }
    out.push_str(&text[shown..]);
    out
}
