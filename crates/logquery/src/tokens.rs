//! A row of tokens that a parser walks along.

use crate::DEPTH_MAX;
use crate::error::{Place, SyntaxError};

/// Tokens with their places, how many were taken, and how deep the parser is.
pub(crate) struct Tokens<T> {
    tokens: Vec<(T, Place)>,
    taken: usize,
    depth: usize,
}

impl<T: Clone> Tokens<T> {
    pub(crate) fn new(tokens: Vec<(T, Place)>) -> Self {
        Tokens { tokens, taken: 0, depth: 0 }
    }

    /// The token that comes next.
    pub(crate) fn peek(&self) -> Option<&T> {
        self.peek_at(0)
    }

    /// The token `ahead` of the next one.
    pub(crate) fn peek_at(&self, ahead: usize) -> Option<&T> {
        self.tokens.get(self.taken + ahead).map(|(token, _)| token)
    }

    /// Takes the next token.
    pub(crate) fn next(&mut self) -> Option<(T, Place)> {
        let token = self.tokens.get(self.taken).cloned();
        self.taken += usize::from(token.is_some());
        token
    }

    /// Takes the next token if it is the wanted one, and says where it stands.
    pub(crate) fn eat(&mut self, wanted: &T) -> Option<Place>
    where
        T: PartialEq,
    {
        (self.peek() == Some(wanted)).then(|| self.next().map(|(_, place)| place)).flatten()
    }

    /// Where the next token stands; behind the last one when there is none.
    pub(crate) fn place(&self) -> Place {
        match self.tokens.get(self.taken) {
            Some((_, place)) => place.clone(),
            None => {
                let end = self.last().end;
                end..end
            }
        }
    }

    /// Where the token taken last stands.
    pub(crate) fn last(&self) -> Place {
        let before = self.taken.checked_sub(1).and_then(|index| self.tokens.get(index));
        before.map_or(0..0, |(_, place)| place.clone())
    }

    /// Goes one level deeper; [`Tokens::leave`] comes back.
    pub(crate) fn enter(&mut self) -> Result<(), SyntaxError> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            let message = format!("the query is nested more than {DEPTH_MAX} levels deep");
            return Err(SyntaxError::new(self.last(), message));
        }
        Ok(())
    }

    pub(crate) fn leave(&mut self) {
        self.depth -= 1;
    }
}
