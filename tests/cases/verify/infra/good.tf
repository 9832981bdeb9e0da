# a comment
terraform {
  required_version = ">= 1.5"
}

resource "aws_s3_bucket" "logs" {
  bucket = "logs-${var.name}-%{ if var.x }y%{ endif }"
  tags   = { Name = "a \"quoted\" $${not}", other = [1, 2,
    3] }
  policy = <<-EOT
    { "unbalanced": "${jsonencode({ a = 1 })}
  EOT

  dynamic "rule" { # for each
    for_each = var.rules
    content { prefix = rule.value }
  }
  /* block
     comment */
  count = var.on ? 1 : 0
}

locals { one = 1 }
