//! PromQL: lexer, parser, evaluator and script tests.
