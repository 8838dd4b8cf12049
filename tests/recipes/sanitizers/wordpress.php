<?php
// What WordPress leaves of a post of somebody who may not write HTML as it is. Of the rest of WordPress, its filter asks for these alone.

define('ABSPATH', $argv[1] . '/');

function apply_filters($name, $value)
{
    return $value;
}

function did_action($name)
{
    return 1;
}

function wp_allowed_protocols()
{
    return ['http', 'https', 'mailto'];
}

require ABSPATH . 'wp-includes/kses.php';
echo wp_kses_post(stream_get_contents(STDIN));
