//! Every family of networks and every switch, small enough to be trained in a test.

/// As links.
pub(crate) const EACH: &[&str] = &[
    "net=mlp",
    "net=lenet1",
    "net=lenet",
    "net=cnn",
    "net=alexnet",
    "net=vgg&width=8",
    "net=googlenet&width=8",
    "net=googlenet&width=8&inception=naive",
    "net=googlenet&width=8&inception=factorised",
    "net=googlenet&width=8&auxiliary=on",
    "net=resnet&width=8",
    "net=resnet&width=8&join=concat",
    "net=densenet&width=8",
    "net=mobilenet&width=8",
    "net=cnn&head=conv&batchnorm=on",
    "net=cnn&pool=conv&activation=gelu",
    "net=cnn&attention=se&batchnorm=on",
    "net=cnn&attention=cbam&batchnorm=on",
    "net=cnn&attention=eca&batchnorm=on&dropout=0.2",
    "net=unet&width=4",
    "net=exercise1-dense&width=128",
    "net=exercise1",
    "net=exercise3&width=4",
];

/// Switches that those do not have, each with a family that has them.
#[allow(
    dead_code,
    reason = "not every test that reads the families needs them"
)]
pub(crate) const SWITCHES: &[&str] = &[
    "net=cnn&pool=average&activation=leaky-relu&dropout=0.25",
    "net=cnn&activation=hardswish&init=he",
    "net=lenet&activation=tanh&batchnorm=on",
    "net=vgg&width=4&blocks=3&attention=se",
    "net=googlenet&width=4&pool=average&batchnorm=off&attention=cbam",
    "net=resnet&width=4&blocks=3&stages=4&data=cifar10",
    "net=resnet&width=4&residual=off",
    "net=resnet&width=4&shortcut=zero-pad",
    "net=resnet&width=4&join=concat&shortcut=zero-pad",
    "net=resnet&width=4&block=bottleneck&blocks=4",
    "net=resnet&width=4&attention=se",
    "net=resnet&width=4&attention=cbam",
    "net=resnet&width=4&attention=eca&activation=silu",
    "net=densenet&width=4&blocks=4&attention=se&pool=conv",
    "net=densenet&width=4&batchnorm=off",
    "net=mobilenet&width=4&blocks=3&attention=eca",
    "net=mobilenet&width=4&batchnorm=off&data=cifar10",
    "net=unet&width=4&blocks=2&join=add&attention=se",
    "net=unet&width=4&residual=off&pool=conv",
    "net=unet&width=4&pool=conv&batchnorm=off&dropout=0.2",
];
