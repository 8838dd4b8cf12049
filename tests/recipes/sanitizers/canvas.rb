# What Canvas leaves of what a teacher writes: the library that it uses, and its list (gems/canvas_sanitize in its sources) as far as
# it is about elements that are tried here. Of styles it keeps `border`, `width` and `height`, the only ones tried.
require 'sanitize'

ANY = %w[style class id title role lang dir].freeze
ATTRIBUTES = {
  all: ANY,
  'a' => %w[href target name],
  'iframe' => %w[src width height name align frameborder scrolling sandbox allowfullscreen webkitallowfullscreen mozallowfullscreen]
}.freeze
PROTOCOLS = {
  'a' => { 'href' => ['ftp', 'http', 'https', 'mailto', :relative] },
  'iframe' => { 'src' => ['http', 'https', :relative] }
}.freeze

puts Sanitize.fragment($stdin.read, elements: %w[a iframe], attributes: ATTRIBUTES, protocols: PROTOCOLS, css: { properties: %w[border width height] })
