//! Why a text is not Python, from what the parser says of it.

use ruff_python_ast::token::TokenKind;
use ruff_python_parser::{
    InterpolatedStringErrorType, LexicalErrorType, ParseError, ParseErrorType,
};

use crate::fault::{ReadingCause, ReadingFault};

/// The fault of a text that the parser could not read.
pub(crate) fn fault(error: &ParseError) -> Box<ReadingFault> {
    let (start, end) = (
        error.location.start().to_usize(),
        error.location.end().to_usize(),
    );
    let fault = match &error.error {
        ParseErrorType::Lexical(LexicalErrorType::UnrecognizedToken { tok }) => {
            ReadingFault::new(ReadingCause::Sign).with("sign", sign(*tok))
        }
        ParseErrorType::ExpectedToken { expected, found } => match (written(*expected), found) {
            (_, TokenKind::EndOfFile) => ReadingFault::new(ReadingCause::Unclosed),
            _ if *expected == TokenKind::Indent || *found == TokenKind::Indent => {
                ReadingFault::new(ReadingCause::Indentation)
            }
            (Some(sign), _) => ReadingFault::new(ReadingCause::Expected).with("sign", sign),
            _ => ReadingFault::new(ReadingCause::Syntax),
        },
        other => ReadingFault::new(cause(other)),
    };
    fault.placed(start, end)
}

fn cause(error: &ParseErrorType) -> ReadingCause {
    use InterpolatedStringErrorType as Formatted;
    match error {
        ParseErrorType::Lexical(
            LexicalErrorType::Eof
            | LexicalErrorType::UnclosedStringError
            | LexicalErrorType::FStringError(
                Formatted::UnterminatedString
                | Formatted::UnterminatedTripleQuotedString
                | Formatted::UnclosedLbrace,
            ),
        )
        | ParseErrorType::FStringError(
            Formatted::UnterminatedString
            | Formatted::UnterminatedTripleQuotedString
            | Formatted::UnclosedLbrace,
        ) => ReadingCause::Unclosed,
        ParseErrorType::UnexpectedIndentation
        | ParseErrorType::Lexical(LexicalErrorType::IndentationError) => ReadingCause::Indentation,
        ParseErrorType::OtherError(said) if said.starts_with("Expected an indented block") => {
            ReadingCause::Indentation
        }
        ParseErrorType::SimpleStatementsOnSameLine
        | ParseErrorType::SimpleAndCompoundStatementOnSameLine
        | ParseErrorType::UnexpectedExpressionToken => ReadingCause::OneLine,
        ParseErrorType::ExpectedExpression | ParseErrorType::EmptySlice => ReadingCause::NoValue,
        ParseErrorType::PositionalAfterKeywordArgument
        | ParseErrorType::PositionalAfterKeywordUnpacking
        | ParseErrorType::NonDefaultParamAfterDefaultParam => ReadingCause::Order,
        ParseErrorType::InvalidAssignmentTarget
        | ParseErrorType::InvalidNamedAssignmentTarget
        | ParseErrorType::InvalidAnnotatedAssignmentTarget
        | ParseErrorType::InvalidAugmentedAssignmentTarget => ReadingCause::Target,
        _ => ReadingCause::Syntax,
    }
}

/// A sign as one can see it: with its number, where it may not be seen or looks like another one.
fn sign(sign: char) -> String {
    let number = format!("U+{:04X}", u32::from(sign));
    match sign.is_whitespace()
        || sign.is_control()
        || "\u{2061}\u{3164}\u{115f}\u{1160}\u{fffc}".contains(sign)
    {
        true => number,
        false => format!("{sign} ({number})"),
    }
}

/// What the parser waits for, if it is a sign.
fn written(kind: TokenKind) -> Option<&'static str> {
    Some(match kind {
        TokenKind::Colon => ":",
        TokenKind::Comma => ",",
        TokenKind::Equal => "=",
        TokenKind::Lpar => "(",
        TokenKind::Rpar => ")",
        TokenKind::Lsqb => "[",
        TokenKind::Rsqb => "]",
        TokenKind::Lbrace => "{",
        TokenKind::Rbrace => "}",
        TokenKind::In => "in",
        TokenKind::Import => "import",
        TokenKind::Else => "else",
        _ => return None,
    })
}
