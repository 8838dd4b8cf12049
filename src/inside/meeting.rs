//! What becomes of the number at one place where branches meet.

use super::Inside;
use super::entering::index;
use super::passed::{Calls, Passed};
use super::terms::{Derivation, How, JoinedTerm, Position};
use crate::arch::Join;
use crate::base::error::Result;
use crate::operation::Shape;

impl Inside {
    /// A step for the join where the branch ends whose last layer this place is of, and one for each join around it.
    pub(super) async fn meetings(
        &self,
        mut place: Position,
        calls: &Calls,
        pass: &mut Passed,
    ) -> Result<Vec<Derivation>> {
        let mut steps = Vec::new();
        let mut call = calls.rows[place.row];
        let mut shape = self.shape(place.row)?;
        while let Some((at, own)) = calls.joined(call) {
            let meeting = &calls.joins[at];
            let whole = pass.output(meeting.call).await?.shape;
            let how = match meeting.join {
                Join::Auxiliary => break,
                Join::Multiply if shape != whole => How::Gate {
                    numbers: whole.len() / shape.len(),
                },
                Join::Concat => {
                    for carrier in &meeting.branches[..own] {
                        place.channel += pass.output(carrier.end).await?.shape.channels();
                    }
                    How::Concatenated {
                        channel: place.channel,
                        channels: whole.channels(),
                    }
                }
                join @ (Join::Add | Join::Multiply) => {
                    let mut terms = Vec::with_capacity(meeting.branches.len());
                    for (branch, carrier) in meeting.branches.iter().enumerate() {
                        let output = pass.output(carrier.end).await?;
                        let there = narrowed(place, output.shape);
                        let value = output.values[index(output.shape, there)?];
                        let is_cut = self.cut.contains(&(at, branch));
                        let row = self.made_by(calls, carrier.end);
                        terms.push(JoinedTerm {
                            value: if is_cut { 0.0 } else { value },
                            from: row.map(|row| Position { row, ..there }),
                        });
                    }
                    How::Joined { join, own, terms }
                }
            };
            // A number that lets a whole channel or place through is at no single place behind that.
            let last = matches!(how, How::Gate { .. });
            let of = if last { call } else { meeting.call };
            let output = pass.output(of).await?;
            steps.push(Derivation {
                place,
                value: output.values[index(output.shape, place)?],
                how,
                touchable: None,
                offers: Vec::new(),
            });
            if last {
                break;
            }
            (call, shape) = (meeting.call, whole);
        }
        Ok(steps)
    }
}

/// The place in a branch that may have one number for a whole channel, or one channel for all.
const fn narrowed(place: Position, shape: Shape) -> Position {
    match shape {
        Shape::Vector(_) => Position {
            y: 0,
            x: 0,
            ..place
        },
        Shape::Image(image) if image.channels == 1 => Position {
            channel: 0,
            ..place
        },
        Shape::Image(_) => place,
    }
}
