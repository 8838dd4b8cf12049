//! What happened in a lab, as facts; the page fills them into the locale's sentence.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use serde::Serialize;

use crate::experiment::{Choices, Value};
use crate::runs::significance::{Cause, Difference};

/// Fewer training images say little about any network.
pub(super) const ENOUGH_IMAGES: u64 = 1_000;

/// How the runs compare with what the textbook says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// They show it.
    Textbook,
    /// They show the opposite.
    Contradicts,
    /// They cannot tell: the difference may be chance.
    Unclear,
}

/// What a figure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// A share from 0 to 1, shown in percent.
    Share,
    /// A difference of shares, shown in percentage points with its sign.
    Points,
    /// How large a difference may be, shown in percentage points without a sign.
    Margin,
    /// Whole things.
    Count,
    /// Seconds.
    Seconds,
    /// Images a second.
    Speed,
    /// A loss.
    Loss,
    /// One figure over another.
    Ratio,
    /// A number as it is.
    Number,
}

/// A number with what it counts, and its standard deviation over the seeds if there are several.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Figure {
    /// What it counts.
    pub unit: Unit,
    /// The number, or the mean over the seeds.
    pub value: f64,
    /// Its standard deviation over the seeds.
    pub spread: Option<f64>,
}

impl Figure {
    /// A figure without a spread.
    pub const fn plain(unit: Unit, value: f64) -> Self {
        Self {
            unit,
            value,
            spread: None,
        }
    }

    /// So many times another figure.
    pub const fn ratio(value: f64) -> Self {
        Self::plain(Unit::Ratio, value)
    }

    /// Whole things.
    pub const fn count(value: u64) -> Self {
        Self::plain(Unit::Count, value as f64)
    }
}

/// A fact that a sentence names.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(tag = "type", content = "value", rename_all = "kebab-case")]
pub enum Param {
    /// A number.
    Figure(Figure),
    /// One of the lab's runs.
    Run(&'static str),
    /// A shape, as `32×14×14`.
    Text(String),
}

/// A table of figures.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Table {
    /// What it is about: `runs`, or a name with words `lab.<id>.table.<name>`.
    pub name: &'static str,
    /// The words of the columns are `lab.column.<word>`.
    pub columns: Vec<&'static str>,
    /// The rows.
    pub rows: Vec<ResultRow>,
}

/// A row of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct ResultRow {
    /// The words are `lab.<id>.run.<label>`.
    pub label: &'static str,
    /// A figure for each column, where there is one.
    pub figures: Vec<Option<Figure>>,
}

/// How much of the difference that a conclusion rests on may be chance.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Chance {
    /// Where most of it is from.
    pub cause: Cause,
    /// The largest difference that it explains.
    pub margin: Figure,
    /// Test images of each run.
    pub images: u32,
}

/// Why runs may show something else than the textbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(rename_all = "kebab-case")]
pub enum Hint {
    /// Some run was too short for its result to mean much.
    Short,
    /// One seed alone may be odd: how much another one changes was not measured.
    Seed,
    /// Even several seeds show it, at this length and size.
    Seeds,
    /// Several seeds cannot tell: more of them, or larger runs, may.
    More,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Conclusion {
    /// How it compares with the textbook.
    pub verdict: Verdict,
    /// Which sentence says it: its words are `lab.<id>.said.<key>`.
    pub key: &'static str,
    /// Which further sentence follows it, of the same words.
    pub also: Option<&'static str>,
    /// The facts that the sentences name.
    pub params: BTreeMap<&'static str, Param>,
    /// Of each fact that is a run's name, or a figure of one run alone, the run's label.
    pub whose: BTreeMap<&'static str, &'static str>,
    /// What would have been the right prediction; `None` if the runs cannot tell.
    pub answer: Option<Value>,
    /// Whether the answer is arithmetic, which no run can put in doubt.
    #[serde(skip)]
    #[cfg_attr(test, ts(skip))]
    certain: bool,
    /// Whether the prediction was right, if there was one and the runs can tell.
    pub right: Option<bool>,
    /// The mistake that a wrong number comes from: its words are `lab.<id>.slip.<key>`.
    pub slip: Option<&'static str>,
    /// Each mistake that has words, and the number that it leads to.
    #[serde(skip)]
    #[cfg_attr(test, ts(skip))]
    pub(super) slips: Vec<(&'static str, u64)>,
    /// How much of it may be chance, where it rests on a difference.
    pub chance: Option<Chance>,
    /// Why it may not be the textbook's.
    pub hint: Option<Hint>,
    /// With how many seeds each run was made.
    pub seeds: usize,
    /// The figures themselves.
    pub tables: Vec<Table>,
    /// What sets the playground up for one question further, of the size of these runs.
    pub further: Choices,
}

impl Conclusion {
    /// A conclusion with a sentence of this key, and no facts yet.
    pub(super) fn new(verdict: Verdict, key: &'static str) -> Self {
        Self {
            verdict,
            key,
            also: None,
            params: BTreeMap::new(),
            whose: BTreeMap::new(),
            answer: None,
            certain: false,
            right: None,
            slip: None,
            slips: Vec::new(),
            chance: None,
            hint: None,
            seeds: 0,
            tables: Vec::new(),
            further: Choices::new(),
        }
    }

    /// From a difference in which the textbook expects the second to be higher.
    pub(super) fn expected_higher(sign: Ordering) -> Verdict {
        match sign {
            Ordering::Greater => Verdict::Textbook,
            Ordering::Equal => Verdict::Unclear,
            Ordering::Less => Verdict::Contradicts,
        }
    }

    /// The same, with one more number that its sentence names.
    pub(super) fn with(mut self, name: &'static str, figure: impl Into<Option<Figure>>) -> Self {
        if let Some(figure) = figure.into() {
            self.params.insert(name, Param::Figure(figure));
        }
        self
    }

    /// The same, with the name of a run.
    pub(super) fn with_run(mut self, name: &'static str, label: &'static str) -> Self {
        self.params.insert(name, Param::Run(label));
        self
    }

    /// The same, with a text that needs no translation.
    pub(super) fn with_text(mut self, name: &'static str, text: impl Into<String>) -> Self {
        self.params.insert(name, Param::Text(text.into()));
        self
    }

    /// Puts the runs' own table before the others, and says which facts are in a single row of it.
    pub(super) fn show_runs(&mut self, table: Table) {
        let of = |param: &Param| match param {
            Param::Run(label) => Some(*label),
            Param::Text(_) => None,
            Param::Figure(figure) => {
                let mut with = table
                    .rows
                    .iter()
                    .filter(|row| row.figures.contains(&Some(*figure)));
                let row = with.next()?;
                with.next().is_none().then_some(row.label)
            }
        };
        let whose = self.params.iter();
        self.whose = whose
            .filter_map(|(name, param)| Some((*name, of(param)?)))
            .collect();
        self.tables.insert(0, table);
    }

    /// The same, with a further sentence.
    pub(super) fn also(mut self, key: impl Into<Option<&'static str>>) -> Self {
        self.also = key.into();
        self
    }

    /// The same, resting on this difference between runs that were tested on so many images.
    pub(super) fn resting_on(mut self, difference: Difference, images: u32) -> Self {
        let (margin, cause) = difference.margin();
        let margin = Figure::plain(Unit::Margin, margin);
        self.chance = Some(Chance {
            cause,
            margin,
            images,
        });
        self
    }

    /// The same, with the prediction that would have been right, where there is one.
    pub(super) fn answered<'a>(mut self, answer: impl Into<Option<&'a str>>) -> Self {
        self.answer = answer.into().map(|word| Value::Word(word.to_owned()));
        self
    }

    /// The same, with an answer that does not rest on what the runs came to.
    pub(super) fn certainly(mut self, answer: &str) -> Self {
        self.certain = true;
        self.answered(answer)
    }

    /// Compares with the prediction, and says what is to be doubted: as much where the runs agree with the textbook as
    /// where they do not. Runs too short to say anything have no verdict.
    ///
    /// `seeds` is with how many seeds each run was made, `images` how many training images the shortest saw, where
    /// there are runs.
    pub(super) fn judge(&mut self, predicted: Option<&Value>, seeds: usize, images: Option<u64>) {
        let short = images.is_some_and(|images| images < ENOUGH_IMAGES);
        if short {
            self.verdict = Verdict::Unclear;
            self.chance = None;
        }
        // Runs that cannot tell are no judges.
        let answer = self
            .answer
            .as_ref()
            .filter(|_| self.certain || self.verdict != Verdict::Unclear);
        self.right = predicted.zip(answer).map(|(said, is)| said == is);
        self.slip = predicted
            .filter(|_| self.right == Some(false))
            .and_then(|said| {
                let mut slips = self.slips.iter();
                let slip = slips.find(|(_, number)| *said == Value::Number(*number as f64))?;
                Some(slip.0)
            });
        self.seeds = seeds;
        self.hint = match self.verdict {
            _ if images.is_none() => None,
            _ if short => Some(Hint::Short),
            _ if seeds < 2 => Some(Hint::Seed),
            Verdict::Textbook => None,
            Verdict::Unclear => Some(Hint::More),
            Verdict::Contradicts => Some(Hint::Seeds),
        };
    }
}
