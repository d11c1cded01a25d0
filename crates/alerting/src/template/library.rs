//! Templates by name, and what executing one may cost.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::ast::{Block, is_empty};
use super::error::TemplateError;
use super::exec::Run;
use super::{Functions, Value, parse};

/// A parsed template and those it defines.
#[derive(Clone, Debug)]
pub(crate) struct Parsed {
    pub(super) root: Arc<Block>,
    pub(super) defined: BTreeMap<String, Arc<Block>>,
}

/// Templates that others may call; of two with one name the later counts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Library {
    blocks: BTreeMap<String, Arc<Block>>,
}

impl Library {
    /// Adds a file's own text, under the file's name, and all it defines. A template that prints
    /// something is not replaced by one that does not.
    ///
    /// # Errors
    /// When the text is no template.
    pub(crate) fn add(
        &mut self,
        name: &str,
        text: &str,
        functions: &dyn Functions,
    ) -> Result<(), TemplateError> {
        let parsed = parse(name, text, functions, &[])?;
        let root = std::iter::once((name.to_owned(), parsed.root));
        for (name, block) in root.chain(parsed.defined) {
            if !is_empty(&block.body) || !self.blocks.contains_key(&name) {
                self.blocks.insert(name, block);
            }
        }
        Ok(())
    }

    pub(super) fn get(&self, name: &str) -> Option<&Arc<Block>> {
        self.blocks.get(name)
    }
}

/// What one execution may cost.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Nodes evaluated, and bytes read by functions in units of 64.
    pub(crate) steps: usize,
    /// Bytes of the output, and of every text on the way.
    pub(crate) bytes: usize,
    /// Templates, blocks and parentheses within each other.
    pub(crate) depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { steps: 1_000_000, bytes: 1 << 20, depth: 200 }
    }
}

/// Executes a template and returns what it prints.
///
/// # Errors
/// When something in it fails or a limit is met.
pub(crate) fn execute(
    parsed: &Parsed,
    library: &Library,
    functions: &dyn Functions,
    variables: &[(&str, Value)],
    data: &Value,
    limits: Limits,
) -> Result<String, TemplateError> {
    Run::new(parsed, library, functions, limits).root(variables, data)
}
