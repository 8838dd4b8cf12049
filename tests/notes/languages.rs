//! What the notes in each language are called, and the words of their tables that the page does not have.

/// The notes in one language, and those of their words that the page does not have.
pub(crate) struct Notes {
    pub(crate) tag: &'static str,
    pub(crate) file: &'static str,
    /// The headings within every lab's section, in order.
    pub(crate) headings: [&'static str; 6],
    /// The heading of what holds for all labs.
    pub(crate) end: &'static str,
    pub(super) run: &'static str,
    pub(super) mean: &'static str,
    pub(super) range: &'static str,
    pub(super) size: &'static str,
    pub(super) seeds: &'static str,
    /// A verdict, and how many seeds came to it.
    pub(super) verdict: &'static str,
    /// Before the verdicts that each seed comes to alone, and the one of all together.
    pub(super) one: &'static str,
    pub(super) all: &'static str,
    pub(super) unmeasured: &'static str,
    pub(super) no_runs: &'static str,
    /// The run of the last question, and what it is compared with beside the lab's runs.
    pub(super) further: &'static str,
    pub(super) further_off: &'static str,
    pub(super) weights: &'static str,
}

pub(crate) const LANGUAGES: [Notes; 2] = [
    Notes {
        tag: "en",
        file: "docs/teaching.md",
        headings: [
            "Goal",
            "45 minutes",
            "Expected numbers",
            "Wrong answers and what to ask back",
            "What is simplified",
            "The last question",
        ],
        end: "For every lab",
        run: "Run",
        mean: "{score}, mean",
        range: "Lowest–highest",
        size: "each with {train} training images, epochs: {epochs}, and {test} test images",
        seeds: "Seeds {seeds}",
        verdict: "“{verdict}” {count}",
        one: "one seed alone: {verdicts}",
        all: "all together: “{verdict}”",
        unmeasured: "not measured yet",
        no_runs: "No run: the layer is counted.",
        further: "The question’s run",
        further_off: "The same without attention",
        weights: "{layer} has {weights} of all {all} parameters.",
    },
    Notes {
        tag: "zh-CN",
        file: "docs/teaching.zh-CN.md",
        headings: [
            "目标",
            "45 分钟",
            "预期结果",
            "常见的错误回答与追问",
            "简化之处",
            "最后一问",
        ],
        end: "适用于每一课",
        run: "训练",
        mean: "{score}（平均）",
        range: "最低–最高",
        size: "每次用 {train} 张训练图像，训练轮数 {epochs}，{test} 张测试图像",
        seeds: "种子 {seeds}",
        verdict: "“{verdict}” {count} 次",
        one: "单用一个种子：{verdicts}",
        all: "合在一起：“{verdict}”",
        unmeasured: "尚未测量",
        no_runs: "没有训练：这一层是数出来的。",
        further: "这一问的训练",
        further_off: "同样的网络，无注意力",
        weights: "{layer} 占全部 {all} 个参数中的 {weights} 个。",
    },
];
