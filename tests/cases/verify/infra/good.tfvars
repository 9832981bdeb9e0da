name = "shop"
list = [
  "a", // one
]
