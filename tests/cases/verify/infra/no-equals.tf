a {
  b 1
}
