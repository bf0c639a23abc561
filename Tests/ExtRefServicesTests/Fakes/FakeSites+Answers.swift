// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Foundation

extension FakeSites {
    /// The form of new issues.
    struct Form: Codable, Sendable {
        struct Field: Codable, Sendable {
            var name: String
            var label: String
            var kind = "text"
            var required = false
            var choices: [String] = []
            var value = ""
        }

        var types = ["Bug", "Task"]
        var fields: [Field]

        static let standard = Form(fields: [
            Field(name: "title", label: "Title", required: true),
            Field(name: "description", label: "Description", kind: "multiline"),
            Field(
                name: "severity", label: "Severity", kind: "choice", choices: ["low", "high"], value: "low"),
        ])

        func form(type: String) -> IssueForm {
            IssueForm(
                types: types.map { IssueFormChoice(id: $0, label: $0) },
                fields: fields.map { field in
                    IssueFormField(
                        name: field.name, label: field.label,
                        kind: IssueFormField.Kind(rawValue: field.kind) ?? .text, isRequired: field.required,
                        choices: field.choices.map { IssueFormChoice(id: $0, label: $0) },
                        defaultValue: field.value)
                }, createURL: "https://fake.example/new?type=" + type)
        }
    }

    /// The token endpoint's memory.
    struct OAuth: Sendable {
        struct Consent: Sendable {
            let challenge: String
            let redirectURI: String
        }

        var clientSecret = "client-secret"
        var consents: [String: Consent] = [:]
        var refreshTokens: Set<String> = []
        var accessTokens: Set<String> = []
        var givesRefreshTokens = true
        var issued = 0
        /// Turns a verifier into its challenge, by a way that is not the product's.
        var challenge: @Sendable (String) -> String = { $0 }
    }

    static func call(_ request: HTTPRequest) -> Call {
        let url = URLComponents(string: request.url)
        let path = url?.path.split(separator: "/").map(String.init) ?? []
        return Call(deed: deed(request.method, path), host: url?.host ?? "", request: request)
    }

    private static func deed(_ method: HTTPRequest.Method, _ path: [String]) -> Deed {
        switch (method, path.last) {
        case (.post, "token"): .token
        case (.post, "issues"): .create
        case (.put, _): .putLink
        case (.delete, _): .removeLink
        case (.get, "me"): .me
        case (.get, "new"): .findCreated
        case (.get, "search"): .search
        case (.get, "form"): .form
        case (.get, _) where path.dropLast().last == "issues": .read
        default: .nothing
        }
    }

    static func serve(_ call: Call, _ state: inout State) -> HTTPResponse {
        if call.deed == .token { return giveToken(call, &state) }
        guard isKnown(call, state) else { return answer(401, "{}") }
        let host = call.host
        let query = URLComponents(string: call.request.url)?.queryItems ?? []
        func item(_ name: String) -> String { query.first { $0.name == name }?.value ?? "" }
        let path = call.request.url.split(separator: "?")[0].split(separator: "/").map(String.init)
        switch call.deed {
        case .me: return json(Me(login: "bot", denied: state.denied))
        case .form: return json(state.form)
        case .read:
            let found = state.issues[host]?.first { $0.id == path.last || $0.key == path.last }
            return found.map { tagged(json($0), call.request) } ?? answer(404, "{}")
        case .findCreated:
            return json(
                Page(issues: state.issues[host, default: []].filter { $0.project == item("project") }))
        case .search:
            let found = state.issues[host, default: []].filter { $0.title.contains(item("q")) }
            return json(Page(issues: Array(found.prefix(Int(item("limit")) ?? 0))))
        case .create: return create(call, &state)
        case .putLink:
            let values = call.values
            let issue = path.dropLast(2).last ?? ""
            guard state.issues[host, default: []].contains(where: { $0.id == issue }) else {
                return answer(404, "{}")
            }
            state.links[path.last ?? ""] = Placed(
                issueID: issue, url: values["url"] ?? "", title: values["title"] ?? "",
                relationship: values["relationship"] ?? "")
            return answer(200, "{\"remote\":\"remote-\(path.last ?? "")\"}")
        case .removeLink:
            state.links[path.last ?? ""] = nil
            return answer(200, "{}")
        case .token, .nothing: return answer(404, "{}")
        }
    }

    private static func create(_ call: Call, _ state: inout State) -> HTTPResponse {
        let values = call.values
        let number = state.issues[call.host, default: []].count + 1
        let project = values["project"] ?? ""
        state.issues[call.host, default: []].append(
            Entry(
                id: String(number), key: "\(project.isEmpty ? "FK" : project)-\(number)", project: project,
                title: values["title"] ?? "", description: values["description"] ?? ""))
        return answer(201, "{\"id\":\"\(number)\"}")
    }

    private static func isKnown(_ call: Call, _ state: State) -> Bool {
        let sent = call.request.headers.first { $0.name == "Authorization" }?.value ?? ""
        let token = String(sent.dropFirst("Bearer ".count))
        return token == "good-token" || state.oauth.accessTokens.contains(token)
    }

    private static func giveToken(_ call: Call, _ state: inout State) -> HTTPResponse {
        let body = String(decoding: call.request.body ?? [], as: UTF8.self)
        let items = URLComponents(string: "?" + body)?.queryItems ?? []
        func item(_ name: String) -> String { items.first { $0.name == name }?.value ?? "" }
        guard item("client_secret") == state.oauth.clientSecret else {
            return answer(401, "{\"error\":\"invalid_client\"}")
        }
        let isGood: Bool
        switch item("grant_type") {
        case "authorization_code":
            let consent = state.oauth.consents.removeValue(forKey: item("code"))
            isGood =
                consent?.challenge == state.oauth.challenge(item("code_verifier"))
                && consent?.redirectURI == item("redirect_uri")
        case "refresh_token": isGood = state.oauth.refreshTokens.remove(item("refresh_token")) != nil
        default: isGood = false
        }
        guard isGood else { return answer(400, "{\"error\":\"invalid_grant\"}") }
        state.oauth.issued += 1
        let (access, refresh) = ("access-\(state.oauth.issued)", "refresh-\(state.oauth.issued)")
        state.oauth.accessTokens.insert(access)
        state.oauth.refreshTokens.insert(refresh)
        let grant = state.oauth.givesRefreshTokens ? ",\"refresh_token\":\"\(refresh)\"" : ""
        return answer(200, "{\"access_token\":\"\(access)\",\"expires_in\":3600\(grant)}")
    }

    /// The answer with its entity tag, or the word that the caller has it already.
    private static func tagged(_ response: HTTPResponse, _ request: HTTPRequest) -> HTTPResponse {
        let tag = HTTPField("etag", "\"\(String(decoding: response.body, as: UTF8.self).hashValue)\"")
        let isKnown = request.headers.contains { $0.name == "If-None-Match" && $0.value == tag.value }
        return isKnown
            ? HTTPResponse(status: 304, headers: [tag])
            : HTTPResponse(status: 200, headers: response.headers + [tag], body: response.body)
    }

    private static func json(_ value: some Encodable) -> HTTPResponse {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let data = (try? encoder.encode(value)) ?? Data()
        return answer(200, String(decoding: data, as: UTF8.self))
    }
}
