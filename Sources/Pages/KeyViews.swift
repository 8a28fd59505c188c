import Core
import Web

/// The keys of an organisation.
struct KeyListView {
    let sheet: Sheet
    let keys: JSON
    let mayCreate: Bool
    let mayRevoke: Bool
    let now: Instant
    let isRevoked: Bool

    private func say(_ zh: String, _ en: String) -> String { sheet.say(zh, en) }

    func write(_ page: inout HTMLWriter) {
        if isRevoked { page.done(say("密钥已吊销，立即失效。", "The key is revoked, and works no more.")) }
        page.element(
            "p",
            say(
                "程序用密钥访问接口。一个系统一个密钥，人员请用自己的账号登录。",
                "Programs call the API with keys. One key a system; people sign in with accounts of their own."
            )
        )
        page.element("p") { page in
            if mayCreate {
                page.element("a", ["class": "button main", "href": "/dealer/keys/new"], say("新建密钥", "New key"))
                page.text(" ")
            }
            page.element("a", ["class": "button", "href": "/dealer/webhooks"], say("通知", "Webhooks"))
        }
        let all = keys.list("data")
        if all.isEmpty { page.element("p", ["class": "empty"], say("还没有密钥。", "There are no keys yet.")) }
        page.element("ul", ["class": "cards"]) { page in
            for key in all { page.element("li") { write(key, &$0) } }
        }
        if let cursor = keys["next_cursor"]?.stringValue {
            page.element("p") { page in
                let target = "/dealer/keys?cursor=\(percentEncoded(cursor))"
                page.element("a", ["class": "button", "href": target, "rel": "next"], say("更多", "More"))
            }
        }
    }

    private func write(_ key: JSON, _ page: inout HTMLWriter) {
        let revokedAt = key["revoked_at"]?.stringValue
        let expiresAt = Instant(rfc3339: key.text("expires_at"))
        let isExpired = expiresAt.map { $0 <= now } ?? false
        page.element("p") { page in
            page.element("strong", key.text("name"))
            page.text(" ")
            if revokedAt != nil {
                page.element("span", ["class": "badge withdrawn"], say("已吊销", "Revoked"))
            } else if isExpired {
                page.element("span", ["class": "badge slow"], say("已过期", "Expired"))
            } else {
                page.element("span", ["class": "badge published"], say("有效", "Active"))
            }
        }
        page.element("p") { $0.element("code", key.text("prefix") + "…") }
        page.element("p", ["class": "soft"]) { page in
            let scopes = key.list("scopes").compactMap(\.stringValue).map { Words.scope($0, sheet.language) }
            page.text(scopes.joined(separator: say("、", ", ")))
        }
        page.element("p", ["class": "soft"]) { page in
            page.text(say("有效期至 ", "Until ") + Words.date(key.text("expires_at")))
            let used = key["last_used_at"]?.stringValue.map { Words.time($0) }
            page.text(say("，最近使用：", ", last used: ") + (used ?? say("从未", "never")))
        }
        if revokedAt == nil, !isExpired, mayRevoke { writeRevocation(key, &page) }
    }

    /// In two steps: a key that is revoked stays so, and whatever uses it stops.
    private func writeRevocation(_ key: JSON, _ page: inout HTMLWriter) {
        page.element("details") { page in
            page.element("summary", say("吊销…", "Revoke…"))
            page.element(
                "p",
                say("吊销后，使用它的程序立即无法访问，不能恢复。", "Whatever uses it stops at once, and it cannot be brought back.")
            )
            page.element("form", ["method": "post", "action": "/dealer/keys/\(key.text("id"))/revoke"]) { page in
                let name = say("吊销 \(key.text("name"))", "Revoke \(key.text("name"))")
                page.element("button", ["class": "danger", "aria-label": name], say("确认吊销", "Revoke it"))
            }
        }
    }
}

/// What a new key is to be.
struct KeyFormView {
    let sheet: Sheet
    let state: FormState
    /// What may be given away: what one has.
    let scopes: [String]
    let chosen: Set<String>

    func write(_ page: inout HTMLWriter) {
        let say = sheet.say
        page.refusal(state, fields: ["name", "scopes"])
        page.element("form", ["method": "post", "action": "/dealer/keys", "class": "narrow"]) { page in
            page.field(
                Field(
                    name: "name",
                    label: say("名称", "Name"),
                    hint: say("写明哪个系统使用，例如“库存系统”。", "Say which system uses it."),
                    isFirst: true
                ),
                state
            )
            page.element("fieldset") { page in
                page.element("legend", say("权限", "What it may do"))
                page.fault(state.faults(at: "/scopes"), of: "scopes", sheet.language)
                for scope in scopes {
                    page.element("label", ["class": "option"]) { page in
                        page.element(
                            "input",
                            [
                                "type": "checkbox", "name": "scope.\(scope)", "value": "on",
                                "checked": chosen.contains(scope) ? "" : nil,
                            ]
                        )
                        page.element("span") { page in
                            page.text(Words.scope(scope, sheet.language) + " ")
                            page.element("code", scope)
                        }
                    }
                }
            }
            let days = PageService.keyLifetimes.map { ("\($0)", say("\($0) 天", "\($0) days")) }
            page.choice("days", say("有效期", "Works for"), days, chosen: state.values["days"] ?? days[0].0)
            page.submit(say("创建", "Make it"))
        }
    }
}

/// The one page that shows a key's secret.
struct KeyView {
    let sheet: Sheet
    let key: JSON

    func write(_ page: inout HTMLWriter) {
        let say = sheet.say
        page.element(
            "p",
            ["class": "notice"],
            say("密钥只显示这一次，请立即复制到使用它的系统里。", "The key is shown this once: copy it to where it is used, now.")
        )
        page.element("p") { $0.element("strong", key.text("name")) }
        page.element("code", ["class": "secret whole", "tabindex": "0"], key.text("secret"))
        page.element(
            "p",
            ["class": "soft"],
            say("请求时放在 Authorization: Bearer 头里。", "It goes into the header Authorization: Bearer.")
        )
        page.element("p") {
            $0.element("a", ["class": "button main", "href": "/dealer/keys"], say("已保存", "I have it"))
        }
    }
}
