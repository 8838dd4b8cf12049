//! Scenes for segmentation, as Python.

use super::Experiment;
use crate::base::error::Result;
use crate::data::scene::{INK, NOISE, PATCH, PATCHES, STROKE_BLUR, STROKE_REACH, STROKES};

impl Experiment<'_> {
    /// The class that makes a scene of an image; `order` is how its pixels move, if they do.
    pub(super) fn scenes(&self, order: Option<&str>) -> Result<String> {
        let threshold = self.spec.mask_threshold()?.unwrap_or_default();
        let (low, high) = PATCHES;
        let moves = order.map_or_else(String::new, |order| {
            format!("        order = {order}\n        scene, mask = permuted(scene, order), permuted(mask, order)\n")
        });
        Ok(format!(
            r#"class Scenes(Dataset):
    """{what}"""

    def __init__(self, samples, seed):
        self.samples, self.seed = samples, seed

    def __len__(self):
        return len(self.samples)

    def __getitem__(self, index):
        image = 255 * self.samples[index][0][0]
        height, width = image.shape
        draw = torch.Generator().manual_seed(self.seed + index)

        def between(low, high, *size):
            return low + (high - low) * torch.rand(size, generator=draw)

        rows, columns = height // {PATCH} + 2, width // {PATCH} + 2
        corners = between({low}, {high}, 1, 1, rows, columns)
        size = ({PATCH} * (rows - 1) + 1, {PATCH} * (columns - 1) + 1)
        ground = nn.functional.interpolate(corners, size=size, mode="bilinear", align_corners=True)[0, 0, :height, :width]
        y, x = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
        for _ in range({STROKES}):
            from_x, from_y = between(0, width, 1), between(0, height, 1)
            along_x, along_y = between(-{STROKE_REACH}, {STROKE_REACH}, 2)
            share = ((x - from_x) * along_x + (y - from_y) * along_y) / (along_x**2 + along_y**2)
            share = share.clamp(0, 1)
            distance = torch.hypot(x - from_x - share * along_x, y - from_y - share * along_y)
            ground = torch.maximum(ground, {INK} * (1 - distance / {STROKE_BLUR}).clamp(min=0))
        cover = (image / {twice}).clamp(max=1)
        scene = (1 - cover) * ground + cover * {INK} * image / 255 + between(-{NOISE}, {NOISE}, height, width)
        scene, mask = prepare(scene.round().clamp(0, 255)[None] / 255), (image >= {threshold}).float()[None]
{moves}        return scene, mask


train_set = Scenes(train_set, {seed})
test_set = Scenes(test_set, {seed} + len(train_set))
"#,
            what = self.words.scene,
            twice = 2 * u32::from(threshold),
            seed = self.spec.seed,
        ))
    }
}
