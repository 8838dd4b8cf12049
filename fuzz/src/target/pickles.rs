//! Python's pickles: programs for a machine that must not be led to take memory, or to run for ever.

use super::MB;
use crate::Target;
use crate::files::opens;

pub(super) const TARGET: Target = Target {
    name: "pickles",
    memory: 64 * MB,
    longest: 8_192,
    seeds,
    run,
};

/// An array of one image of CIFAR's form, and one label, as Python 2 and Python 3 pickle them.
fn seeds() -> Vec<Vec<u8>> {
    let old = [
        &b"\x80\x02}q\x01(U\x04dataq\x02cnumpy.core.multiarray\n_reconstruct\nq\x03cnumpy\nndarray\nq\x04K\x00\x85U\x01b\x87Rq\x05"[..],
        b"(K\x01K\x01K\x10\x86cnumpy\ndtype\nq\x06U\x02u1K\x00K\x01\x87Rq\x07(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89U\x10",
        &[5; 16],
        b"tbU\x06labelsq\x08]q\tK\x06au.",
    ];
    let new = [
        &b"\x80\x05}\x94(\x8c\x04data\x94\x8c\x13numpy._core.numeric\x94\x8c\x0b_frombuffer\x94\x93\x94(\x96\x10\0\0\0\0\0\0\0"[..],
        &[5; 16],
        b"\x94\x8c\x05numpy\x94\x8c\x05dtype\x94\x93\x94\x8c\x02u1\x94\x89\x88\x87\x94R\x94(K\x03\x8c\x01|\x94NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0t\x94b",
        b"K\x01K\x10\x86\x94\x8c\x01C\x94t\x94R\x94\x8c\x06labels\x94]\x94K\x06au.",
    ];
    let names = b"\x80\x02}(X\x0b\0\0\0label_names](X\x03\0\0\0catX\x03\0\0\0dogeu.";
    vec![old.concat(), new.concat(), names.to_vec()]
}

fn run(input: &[u8]) -> bool {
    opens("data_batch_1", input)
}
