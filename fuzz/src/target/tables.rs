//! Tables as text: quotes, separators, rows and cells of any length.

use super::MB;
use crate::Target;
use crate::files::opens;

pub(super) const TARGET: Target = Target {
    name: "tables",
    memory: 64 * MB,
    longest: 8_192,
    seeds,
    run,
};

fn seeds() -> Vec<Vec<u8>> {
    let row = |label: &str, between: &str| {
        let pixels: Vec<_> = (0..16).map(|pixel| (pixel * 17).to_string()).collect();
        format!("{label}{between}{}", pixels.join(between))
    };
    let header: Vec<_> = (0..16).map(|at| format!("pixel{at}")).collect();
    let comma = format!(
        "label,{}\n{}\n{}\n",
        header.join(","),
        row("5", ","),
        row("0", ",")
    );
    let quoted = format!("{}\r\n{}\r\n", row("\"cat\"", ";"), row("\"dog\"", ";"));
    let tabs = format!("{}\n{}", row("1", "\t"), row("2", "\t"));
    [comma, quoted, tabs].map(String::into_bytes).to_vec()
}

fn run(input: &[u8]) -> bool {
    opens("train.csv", input)
}
