//! Operators between two expressions and before one.

use super::Expr;

/// Two expressions and the operator between them.
#[derive(Clone, Debug, PartialEq)]
pub struct Binary {
    /// The operator.
    pub op: BinaryOp,
    /// Whether a comparison gives 0 and 1 instead of filtering.
    pub return_bool: bool,
    /// How series find each other; only between two vectors.
    pub matching: Option<VectorMatching>,
    /// The left side.
    pub lhs: Box<Expr>,
    /// The right side.
    pub rhs: Box<Expr>,
}

/// How the series of two vectors find each other.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VectorMatching {
    /// How many may match how many.
    pub cardinality: Cardinality,
    /// The labels of `on` or `ignoring`.
    pub labels: Vec<String>,
    /// Whether the labels must be equal rather than be ignored.
    pub on: bool,
    /// Labels taken over from the "one" side.
    pub include: Vec<String>,
    /// What stands in for a missing partner.
    pub fill: Fill,
}

/// What stands in for a series without a partner; absent where there is no result then.
#[derive(Clone, Copy, Debug, Default)]
pub struct Fill {
    /// Stands in on the left side.
    pub left: Option<f64>,
    /// Stands in on the right side.
    pub right: Option<f64>,
}

impl PartialEq for Fill {
    /// Bit for bit, so that NaN equals itself.
    fn eq(&self, other: &Self) -> bool {
        let bits = |fill: &Fill| (fill.left.map(f64::to_bits), fill.right.map(f64::to_bits));
        bits(self) == bits(other)
    }
}

/// How many series may match how many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Cardinality {
    /// Each at most one.
    #[default]
    OneToOne,
    /// `group_left`.
    ManyToOne,
    /// `group_right`.
    OneToMany,
    /// Set operators.
    ManyToMany,
}

/// The operators between two expressions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are those of the language")]
pub enum BinaryOp {
    Add,
    Sub,
    Mul,
    Div,
    Mod,
    Pow,
    Atan2,
    Equal,
    NotEqual,
    Greater,
    Less,
    GreaterOrEqual,
    LessOrEqual,
    /// `</`: removes what a histogram observed above.
    TrimUpper,
    /// `>/`: removes what a histogram observed below.
    TrimLower,
    And,
    Or,
    Unless,
}

/// The operators before one expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnaryOp {
    /// `+`, which changes nothing.
    Plus,
    /// `-`.
    Minus,
}

impl BinaryOp {
    /// The operator as it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            BinaryOp::Add => "+",
            BinaryOp::Sub => "-",
            BinaryOp::Mul => "*",
            BinaryOp::Div => "/",
            BinaryOp::Mod => "%",
            BinaryOp::Pow => "^",
            BinaryOp::Atan2 => "atan2",
            BinaryOp::Equal => "==",
            BinaryOp::NotEqual => "!=",
            BinaryOp::Greater => ">",
            BinaryOp::Less => "<",
            BinaryOp::GreaterOrEqual => ">=",
            BinaryOp::LessOrEqual => "<=",
            BinaryOp::TrimUpper => "</",
            BinaryOp::TrimLower => ">/",
            BinaryOp::And => "and",
            BinaryOp::Or => "or",
            BinaryOp::Unless => "unless",
        }
    }

    /// How tightly it binds, from 1. Only `^`, the tightest, groups to the right.
    pub fn precedence(self) -> u8 {
        match self {
            BinaryOp::Or => 1,
            BinaryOp::And | BinaryOp::Unless => 2,
            BinaryOp::Add | BinaryOp::Sub => 4,
            BinaryOp::Mul | BinaryOp::Div | BinaryOp::Mod | BinaryOp::Atan2 => 5,
            BinaryOp::Pow => 6,
            _ => 3,
        }
    }

    /// Whether it compares.
    pub fn is_comparison(self) -> bool {
        matches!(
            self,
            BinaryOp::Equal
                | BinaryOp::NotEqual
                | BinaryOp::Greater
                | BinaryOp::Less
                | BinaryOp::GreaterOrEqual
                | BinaryOp::LessOrEqual
        )
    }

    /// Whether it cuts the ends off histograms.
    pub fn is_trim(self) -> bool {
        matches!(self, BinaryOp::TrimUpper | BinaryOp::TrimLower)
    }

    /// Whether it works on sets of series.
    pub fn is_set(self) -> bool {
        matches!(self, BinaryOp::And | BinaryOp::Or | BinaryOp::Unless)
    }

    /// Whether the result is another metric, which loses its name.
    pub fn is_arithmetic(self) -> bool {
        matches!(self.precedence(), 4..=6)
    }
}

impl UnaryOp {
    /// The operator as it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            UnaryOp::Plus => "+",
            UnaryOp::Minus => "-",
        }
    }
}
