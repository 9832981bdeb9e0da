a = 1
/* never
