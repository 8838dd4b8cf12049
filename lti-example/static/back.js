document.querySelector('#back').submit();
