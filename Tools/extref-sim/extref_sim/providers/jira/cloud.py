# SPDX-License-Identifier: Apache-2.0
from ...contract import RestContract
from ...provider import Provider
from ...registry import register
from ...answers import json_answer

@register
class JiraCloud(Provider):
    name = "jira"
    prefixes = ("/jira", "/atlassian")
    rest = RestContract("jira-cloud-v3.json")
    comma_arrays = True

    def routes(self):
        for m, p in self.rest.paths():
            yield from self.mounted(["/jira", "/atlassian/ex/jira/{cloudId}"], m, p, self.x)

    def x(self, call):
        return json_answer({"q": call.query, "b": call.body, "p": call.params})
    def seed(self):
        self.world.add_project("1","TES","Tests")
        self.make_issue("TES","hello")
