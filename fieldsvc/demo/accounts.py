"""The three people of the demo who sign in with a password; everybody else enrols by QR code."""

ACCOUNTS = {
    "cadre": ("帮扶责任人", "cadre"),
    "town": ("乡镇审核人", "supervisor of a town"),
    "county": ("县级管理员", "administrator of the county"),
}
