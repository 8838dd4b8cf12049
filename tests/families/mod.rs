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
