"""How the differences of two versions of a form are said, in words somebody understands who has never seen JSON."""

from __future__ import annotations

#: Sentences by kind: Chinese, English, and whether somebody should look at it twice before publishing.
SENTENCES: dict[str, tuple[str, str, bool]] = {
    "title-changed": ("标题由“{old}”改为“{new}”", "The title “{old}” is now “{new}”", False),
    "subject-changed": (
        "这张表原来填“{old}”，现在填“{new}”",
        "The form was about “{old}” and is now about “{new}”",
        True,
    ),
    "language-added": ("新增语言：{new}", "A language is added: {new}", False),
    "language-removed": ("去掉语言：{old}", "A language is removed: {old}", True),
    "question-added": ("新增题目：{what}", "A question is added: {what}", False),
    "question-removed": (
        "去掉题目：{what}；已收到的答案仍然保留",
        "A question is removed: {what}; answers received so far are kept",
        True,
    ),
    "question-renamed": (
        "{what}的名称由 {old} 改为 {new}；导出时是另一列",
        "{what} was called {old} and is now called {new}; in exports it is another column",
        True,
    ),
    "question-moved": ("{what}移到了{new}", "{what} moved to {new}", False),
    "question-retyped": (
        "{what}的题型由 {old} 改为 {new}；新旧答案不能放在一起统计",
        "{what} was of type {old} and is now {new}; old and new answers cannot be counted together",
        True,
    ),
    "label-changed": ("{what}：题目文字由“{old}”改为“{new}”", "{what}: the words “{old}” are now “{new}”", False),
    "choice-added": ("{what}新增选项：{new}", "{what} has a new choice: {new}", False),
    "choice-removed": ("{what}去掉选项：{old}", "{what} loses a choice: {old}", True),
    "choice-removed-used": (
        "{what}去掉选项：{old}；已有 {count} 份答案用过这个代码",
        "{what} loses a choice: {old}; {count} answers have used this code",
        True,
    ),
    "choice-relabelled": (
        "{what}的选项 {code} 由“{old}”改为“{new}”；代码的意思不应改变",
        "{what}: the choice {code} read “{old}” and now reads “{new}”; the meaning of a code should not change",
        True,
    ),
    "rule-added": ("{what}新增{rule}：{new}", "{what} has a new {rule}: {new}", False),
    "rule-removed": ("{what}去掉{rule}：{old}", "{what} loses its {rule}: {old}", True),
    "rule-changed": ("{what}的{rule}由 {old} 改为 {new}", "{what}: the {rule} {old} is now {new}", False),
    "save-added": ("{what}现在写入 {dataset} 的{new}", "{what} now writes to {new} of {dataset}", False),
    "save-removed": (
        "{what}不再写入 {dataset} 的{old}；档案里现有的值不变",
        "{what} no longer writes to {old} of {dataset}; values on record stay as they are",
        True,
    ),
    "property-added": (
        "{dataset} 新增项目{new}：两人同时改成不同的值时，由人审定",
        "{dataset} gets a new property {new}: when two people change it differently, a person decides",
        False,
    ),
    "records-added": ("现在会写入 {dataset}", "The form now writes records of {dataset}", False),
    "records-removed": ("不再写入 {dataset}", "The form no longer writes records of {dataset}", True),
}

#: What a rule is called, by the column it is written in.
RULES: dict[str, tuple[str, str]] = {
    "relevant": ("显示条件", "condition to be shown"),
    "required": ("必填要求", "requirement to answer"),
    "constraint": ("填写限制", "limit"),
    "calculate": ("算式", "calculation"),
    "readonly": ("只读设置", "read-only rule"),
    "count": ("重复次数", "number of items"),
    "filter": ("选项筛选", "filter of its choices"),
    "default": ("默认值", "default"),
    "prefill": ("预填来源", "source to prefill from"),
    "soft": ("提醒", "doubt"),
}
