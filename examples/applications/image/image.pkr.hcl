# packer init . && packer build . ; then: pulumi config set --path 'ha-web:application.image' ami-…
packer {
  required_plugins {
    amazon = { source = "github.com/hashicorp/amazon", version = "~> 1.3" }
  }
}

variable "region" { default = "eu-west-1" }

data "amazon-parameterstore" "base" {
  name   = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"
  region = var.region
}

source "amazon-ebs" "app" {
  region        = var.region
  source_ami    = data.amazon-parameterstore.base.value
  instance_type = "t4g.small"
  ssh_username  = "ec2-user"
  ami_name      = "app-{{timestamp}}"
  encrypt_boot  = true
}

build {
  sources = ["source.amazon-ebs.app"]
  provisioner "file" {
    source      = "../flask"
    destination = "/tmp/app"
  }
  provisioner "file" {
    source      = "ha-web-app.service"
    destination = "/tmp/ha-web-app.service"
  }
  provisioner "shell" {
    inline = [
      "sudo dnf install -y -q python3.12 python3.12-pip amazon-cloudwatch-agent logrotate",
      "sudo useradd --system --no-create-home --shell /sbin/nologin ha-web",
      "sudo mv /tmp/app /srv/app && sudo chown -R root:root /srv/app",
      "cd /srv/app && sudo ./install",
      "sudo mv /tmp/ha-web-app.service /etc/systemd/system/",
    ]
  }
}
