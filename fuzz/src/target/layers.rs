//! The notation of networks: a text that is read or refused with its place, and that comes back as the same tree.

use cnn_playground::arch::notation;
use cnn_playground::arch::own::{Mark, TEMPLATES};
use cnn_playground::experiment::{Choices, Value, typed};
use cnn_playground::view::View;

use super::MB;
use crate::Target;

pub(super) const TARGET: Target = Target {
    name: "layers",
    memory: 16 * MB,
    longest: 2_500,
    seeds,
    run,
};

fn seeds() -> Vec<Vec<u8>> {
    let more = [
        "conv16,bn,relu,stage1:(block:3x(:add(conv16,bn,relu,conv16,bn),act:relu)),pool:gap,fc:fc",
        "0:2xconv8k5s2p0d1g1b0,cat(one:conv4k1;max3s1p1),aux(flatten,fc),drop0.25,gap,fc",
        "encoder:conv8,:cat(max,up,conv8;id),convt8,pad16,cpool,conv8,mul(mlp4,sigmoid),gap,cconv3,fc",
    ];
    let templates = TEMPLATES.iter().map(|(_, text)| *text);
    let all = templates.chain(more);
    all.map(|text| text.as_bytes().to_vec()).collect()
}

fn run(input: &[u8]) -> bool {
    let text = typed::layers(&String::from_utf8_lossy(input));
    assert_eq!(typed::layers(&text), text, "it is tidy already");
    match notation::read(&text, 10) {
        Ok(sound) => {
            let again = notation::write(&sound.layer, &sound.layer, 10);
            let same = notation::read(&again, 7).map(|read| read.layer);
            assert_eq!(same.as_ref(), Ok(&sound.layer), "{text}: {again}");
        }
        Err(problem) => {
            let mark = Mark::of(&problem, &text);
            assert!(mark.is_some() || text.is_empty(), "{text}: {problem}");
        }
    }
    let words = [("net", "own"), ("layers", &text)];
    let choices = words.map(|(key, word)| (key.to_owned(), Value::Word(word.to_owned())));
    let view = View::of(&Choices::from(choices), None);
    assert_ne!(view.network.is_some(), view.refusal.is_some());
    view.network.is_some()
}
