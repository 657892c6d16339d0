/* The worker names a library here; what it needs comes from the distribution instead. */
static const int shouwang_empty_translation_unit __attribute__((unused)) = 0;
