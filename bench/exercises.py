"""The course's exercises at their full length: what this project's program reaches in a terminal, and PyTorch beside it.

    python bench/exercises.py --program target/release/cnn-playground --data FOLDER --seeds 3 LINK [LINK ...]

A link says everything that PyTorch has to be told (NEEDED): the program trains it, and prints the network as PyTorch
source; PyTorch trains that on the same images with the optimizer, the batches and the normalization of the link. The starting weights and the order of the images
are each one's own. A Markdown row for each link: the test accuracies of both, one for each seed.
Needs torch, numpy and pillow; FOLDER is what `cargo xtask data` made.
"""
import argparse
import json
import re
import subprocess
from pathlib import Path
from urllib.parse import parse_qsl

import numpy as np
import torch
from PIL import Image
from torch.nn import functional

# What a link must say: the program's defaults are its own.
NEEDED = ['data', 'train', 'test', 'normalize', 'optimizer', 'lr', 'batch', 'epochs']
# What is not done here.
REFUSED = ['order', 'init', 'auxiliary', 'nesterov', 'decay', 'smoothing', 'steps', 'seed']
# Of these, what is.
KNOWN = {'optimizer': ['adam', 'sgd'], 'normalize': ['own', 'half', 'copied'], 'permute': ['off', 'fixed'], 'augment': ['none', 'flip-crop'],
         'schedule': ['constant', 'one-cycle'], 'stop': ['epochs', 'accuracy']}
# The numbers that are copied from notebook to notebook for CIFAR-10.
COPIED = ([0.4914, 0.4822, 0.4465], [0.2023, 0.1994, 0.2010])


def split(folder: Path, part: str):
    """The images of a part, [n, c, h, w] of bytes, their labels, and the manifest: a shard is a PNG of images below each other."""
    manifest = json.loads((folder / 'manifest.json').read_text())
    shape = manifest['shape']
    images, labels = [], []
    for shard in manifest[part]:
        picture = Image.open(folder / shard['file'])
        pixels = np.asarray(picture).reshape(-1, shape['height'], shape['width'], shape['channels'])
        images.append(torch.from_numpy(pixels.transpose(0, 3, 1, 2).copy()))
        labels += [int(digit, 36) for digit in picture.text['labels']]
    return torch.cat(images), torch.tensor(labels), manifest


def normalized(images, of, manifest):
    mean, deviation = {'half': ([0.5], [0.5]), 'copied': COPIED, 'own': (manifest['mean'], manifest['deviation'])}[of['normalize']]
    of_channel = lambda values: torch.tensor(values).view(1, -1, 1, 1)
    return (images.float() / 255 - of_channel(mean)) / of_channel(deviation)


def flipped_and_cropped(batch):
    """Each image mirrored or not, and moved by up to 4 pixels; what comes in from outside is black."""
    padded = functional.pad(batch, (4, 4, 4, 4))
    height, width = batch.shape[2:]
    moved = torch.stack([image[:, y:y + height, x:x + width] for image, y, x in zip(padded, *torch.randint(0, 9, (2, len(batch))).tolist())])
    mirrored = torch.rand(len(batch)) < 0.5
    moved[mirrored] = moved[mirrored].flip(3)
    return moved


def trained(source: str, of, seed: int, data: Path):
    """The test accuracy that PyTorch reaches, and after how many epochs."""
    torch.manual_seed(seed)
    enough = float(of.get('until', 0.98)) if of.get('stop') == 'accuracy' else 2.0
    names = {}
    exec(source, names)  # The program's own words.
    network = names['Network']()
    images, labels, manifest = split(data / of['data'], 'train')
    images, labels = images[:int(of['train'])], labels[:int(of['train'])]
    tests, answers, _ = split(data / of['data'], 'test')
    tests, answers = normalized(tests[:int(of['test'])], of, manifest), answers[:int(of['test'])]
    size = int(of['batch'])
    order = torch.randperm(images[0][0].numel())
    shuffled = lambda some: some.flatten(2)[:, :, order].view_as(some) if of.get('permute') == 'fixed' else some
    rate = float(of['lr'])
    optimizer = torch.optim.SGD(network.parameters(), rate, float(of['momentum'])) if of['optimizer'] == 'sgd' else torch.optim.Adam(network.parameters(), rate)
    total = int(of['epochs']) * -(-len(images) // size)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=total, cycle_momentum=False) if of.get('schedule') == 'one-cycle' else None
    for epoch in range(int(of['epochs'])):
        network.train()
        for batch in torch.randperm(len(images)).split(size):
            some = images[batch]
            some = normalized(flipped_and_cropped(some) if of.get('augment') == 'flip-crop' else some, of, manifest)
            optimizer.zero_grad()
            functional.cross_entropy(network(shuffled(some)), labels[batch]).backward()
            optimizer.step()
            if schedule:
                schedule.step()
        network.eval()
        with torch.no_grad():
            right = sum((network(shuffled(some)).argmax(1) == answer).sum().item() for some, answer in zip(tests.split(500), answers.split(500)))
        if right / len(answers) >= enough:
            break
    return right / len(answers), epoch + 1


def ours(program: str, link: str, seed: int, data: Path):
    printed = subprocess.run([program, '--data', data, f'{link}&seed={seed}'], check=True, capture_output=True, text=True).stdout
    return float(re.findall(r'^test .*accuracy\s+([\d.]+) %', printed, re.M)[-1]) / 100


def percents(values):
    return ' '.join(f'{100 * value:.1f}' for value in values)


def checked(link: str):
    """What a link says, if that is all that PyTorch has to be told, and nothing that is not done here."""
    of = dict(parse_qsl(link))
    wanting = [key for key in NEEDED + ['momentum'] * (of.get('optimizer') == 'sgd') if key not in of]
    beyond = [key for key in REFUSED if key in of] + [f'{key}={of[key]}' for key, known in KNOWN.items() if of.get(key, known[0]) not in known]
    if wanting or beyond:
        raise SystemExit(f'{link} must say {wanting}, and nothing of {beyond}')
    return of


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--program', default='target/release/cnn-playground')
    parser.add_argument('--data', type=Path, required=True)
    parser.add_argument('--seeds', type=int, default=3)
    parser.add_argument('--threads', type=int, default=torch.get_num_threads())
    parser.add_argument('links', nargs='+')
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    print('| experiment | PyTorch, % | here, % |\n|---|---|---|')
    for link in options.links:
        of = checked(link)
        source = subprocess.run([options.program, 'export', '--torch', link], check=True, capture_output=True, text=True).stdout
        seeds = range(1, options.seeds + 1)
        theirs = [trained(source, of, seed, options.data)[0] for seed in seeds]
        mine = [ours(options.program, link, seed, options.data) for seed in seeds]
        print(f'| `{link}` | {percents(theirs)} | {percents(mine)} |', flush=True)


if __name__ == '__main__':
    main()
