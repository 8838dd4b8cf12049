//! Which class a picture is of, and which part of the set it is for, by where it lies.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Split;
use super::role::Role;
use crate::base::MAX_CLASSES;

/// What the place of a picture says of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Sorted {
    /// The name of its class; none if it lies beside the folders of the classes.
    pub class: Option<String>,
    /// The part that its folder says it is for; none if none does.
    pub part: Option<Split>,
    /// Whether it lies in a folder of validation images beside one of test images. It is for neither part then.
    pub aside: bool,
}

/// Sorts pictures by their paths, such as `animals/train/cat/1.png`.
///
/// Folders named `train`, `val`, `test` and the like say for which part a picture is. Of the other folders, the first one
/// in which the paths differ is the class; if all lie in one folder, that is their class. Pictures in no folder are named
/// after their class: `cat` of `cat.12.png`; those in one folder too, if their names are those of several classes.
pub fn sorted(paths: &[String]) -> Vec<Sorted> {
    let role = |folder: &str| Role::of(&folder.to_lowercase());
    let split: Vec<(Vec<&str>, Option<Role>, &str)> = paths
        .iter()
        .map(|path| {
            let mut folders: Vec<&str> = path.split('/').filter(is_step).collect();
            let file = folders.pop().unwrap_or_default();
            let said = folders.iter().find_map(|folder| role(folder));
            folders.retain(|folder| role(folder).is_none());
            (folders, said, file)
        })
        .collect();
    let common = match split.split_first() {
        None => 0,
        Some(((first, ..), others)) => others.iter().fold(first.len(), |common, (folders, ..)| {
            let same = first.iter().zip(folders).take_while(|(a, b)| a == b);
            common.min(same.count())
        }),
    };
    let one_folder = split.iter().all(|(folders, ..)| folders.len() == common);
    let files = split.iter().map(|(.., file)| *file);
    let by_name = one_folder && (common == 0 || tell_classes(files));
    let has_test = split.iter().any(|(_, role, _)| *role == Some(Role::Test));
    split
        .iter()
        .map(|(folders, role, file)| {
            let folder = match one_folder {
                true => folders.last(),
                false => folders.get(common),
            };
            let class = match by_name {
                true => Some(stem(file)),
                false => folder.map(|folder| unpacked(folder).to_owned()),
            };
            let aside = *role == Some(Role::Validation) && has_test;
            let part = role.filter(|_| !aside).map(Role::split);
            Sorted { class, part, aside }
        })
        .collect()
}

/// Whether a part of a path leads somewhere.
fn is_step(part: &&str) -> bool {
    !["", ".", ".."].contains(part)
}

/// An archive is a folder called as it is, without its ending.
fn unpacked(folder: &str) -> &str {
    let endings = [".gz", ".tgz", ".tar", ".zip"];
    endings
        .iter()
        .fold(folder, |name, end| name.strip_suffix(end).unwrap_or(name))
}

/// A file's name without its ending and its number: `cat` of `cat_012 (3).png`. Whatever has no letters stays as it is.
fn stem(file: &str) -> String {
    let name = file.rsplit_once('.').map_or(file, |(name, _)| name);
    let word = name.trim_end_matches(|char: char| !char.is_alphabetic());
    if word.is_empty() { name } else { word }.to_owned()
}

/// Whether files are named after several classes, each of which has more than one: `cat.1.jpg`, `cat.2.jpg`, `dog.1.jpg`, `dog.2.jpg`.
fn tell_classes<'a>(files: impl Iterator<Item = &'a str>) -> bool {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for file in files {
        *counts.entry(stem(file)).or_default() += 1;
    }
    let tells = |(name, count): (&String, &usize)| name.contains(char::is_alphabetic) && *count > 1;
    (2..=MAX_CLASSES).contains(&counts.len()) && counts.iter().all(tells)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(paths: &[&str]) -> Vec<(Option<String>, Option<Split>)> {
        let paths: Vec<_> = paths.iter().map(|path| (*path).to_owned()).collect();
        sorted(&paths)
            .into_iter()
            .map(|sorted| (sorted.class, sorted.part))
            .collect()
    }

    fn is(class: &str, part: Option<Split>) -> (Option<String>, Option<Split>) {
        (Some(class.to_owned()), part)
    }

    #[test]
    fn a_folder_is_a_class_in_any_script() {
        let nested = of(&[
            "animals/猫/1.png",
            "animals/كلب/a/1.png",
            "animals/readme.png",
        ]);
        assert_eq!(nested, [is("猫", None), is("كلب", None), (None, None)]);
        assert_eq!(
            of(&["cat.zip/1.png", "dog.tar/1.png"]),
            [is("cat", None), is("dog", None)]
        );
        assert_eq!(of(&["a/1.png", "b/1.png"]), [is("a", None), is("b", None)]);
        assert_eq!(
            of(&["../a/1.png", "./b/1.png", "/x/../b/1.png"]),
            [is("a", None), is("b", None), is("x", None)]
        );
        assert_eq!(
            of(&["pets/cat/1.png", "pets/cat/2.png"]),
            [is("cat", None), is("cat", None)]
        );
    }

    #[test]
    fn folders_say_for_which_part_a_picture_is() {
        let (train, test) = (Some(Split::Train), Some(Split::Test));
        let found = of(&["d/train/cat/1.png", "d/Test/cat/1.png", "d/train/dog/1.png"]);
        assert_eq!(found, [is("cat", train), is("cat", test), is("dog", train)]);
        // The other way round, and validation where there is no test.
        let found = of(&["d/cat/train/1.png", "d/cat/val/1.png", "d/dog/train/1.png"]);
        assert_eq!(found, [is("cat", train), is("cat", test), is("dog", train)]);
        let all = ["train/a/1.png", "val/a/1.png", "test/b/1.png"].map(str::to_owned);
        let aside: Vec<_> = sorted(&all).iter().map(|sorted| sorted.aside).collect();
        assert_eq!(aside, [false, true, false]);
    }

    #[test]
    fn without_folders_the_names_say_the_class() {
        let found = of(&["cat.12.png", "cat_3 (1).png", "狗7.jpg", "12.png"]);
        let classes = ["cat", "cat", "狗", "12"].map(|class| is(class, None));
        assert_eq!(found, classes);
        // As Kaggle packs its cats and dogs; of a folder that is one class, the cameras' names say nothing.
        let named = [
            "d.zip/train/cat.1.jpg",
            "d.zip/train/dog.1.jpg",
            "d.zip/train/cat.2.jpg",
            "d.zip/train/dog.2.jpg",
        ];
        let train = Some(Split::Train);
        let classes = ["cat", "dog", "cat", "dog"].map(|class| is(class, train));
        assert_eq!(of(&named), classes);
        let camera = ["cat/IMG_1.jpg", "cat/IMG_2.jpg", "cat/DSC_1.jpg"];
        assert_eq!(
            of(&camera),
            [is("cat", None), is("cat", None), is("cat", None)]
        );
        assert_eq!(of(&[]), []);
        assert_eq!(of(&[""]), [is("", None)]);
    }
}
