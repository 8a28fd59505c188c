import Core
import Web

/// What watches, deliveries and what became of them are called.
enum WebhookWords {
    static func title(_ watch: JSON, _ language: Language) -> String {
        let name = watch.text("name")
        return name.isEmpty ? subject(watch, language) : name
    }

    /// Of what it tells.
    static func subject(_ watch: JSON, _ language: Language) -> String {
        switch watch.text("kind") {
        case "vehicle": language.say("车辆 \(watch.text("vin"))", "The car \(watch.text("vin"))")
        case "stock": language.say("本商家全部在售车辆", "Every car on offer")
        default: language.say("本机构的通知", "Notices to the organisation")
        }
    }

    static func state(_ watch: JSON, _ language: Language) -> (name: String, style: String) {
        switch watch.text("state") {
        case "paused": (language.say("已暂停", "Paused"), "badge slow")
        case "disabled": (language.say("已停用", "Disabled"), "badge withdrawn")
        case _ where watch.text("failing_since") != "": (language.say("发送失败", "Failing"), "badge failed")
        default: (language.say("有效", "Active"), "badge published")
        }
    }

    static func trouble(_ watch: JSON, _ language: Language) -> String? {
        switch watch.text("state_reason") {
        case "gone":
            return language.say(
                "对方回答 410（已不存在），因此已停用。恢复后从停下的地方继续发送。",
                "The receiver answered 410 (gone), so it was disabled. Set going again, it goes on where it was."
            )
        case "failing":
            return language.say(
                "75 小时内没有一次被接受，因此已停用。恢复后从停下的地方继续发送。",
                "Nothing was accepted for 75 hours, so it was disabled. Set going again, it goes on where it was."
            )
        default:
            let since = watch.text("failing_since")
            guard !since.isEmpty else { return nil }
            return language.say("自 ", "Nothing has been accepted since ") + Words.time(since)
                + language.say(" 起没有一次被接受，仍在重试。", "; it is tried again and again.")
        }
    }

    static func delivery(_ delivery: JSON, _ language: Language) -> (name: String, style: String) {
        switch delivery.text("state") {
        case "delivered": (language.say("已送达", "Delivered"), "badge published")
        case "pending": (language.say("等待发送", "Waiting"), "badge slow")
        case "failed": (language.say("未被接受", "Not accepted"), "badge failed")
        default: (language.say("未发送", "Not sent"), "badge")
        }
    }

    static func type(_ type: String, _ language: Language) -> String {
        switch type {
        case "vehicle.appended": language.say("车辆有新记录", "Something new about a car")
        case "webhook.test": language.say("测试", "A test")
        case "webhook.disabled": language.say("接收地址被停用", "An address was disabled")
        default: type
        }
    }

    /// What came of one attempt.
    static func attempt(_ attempt: JSON, _ language: Language) -> String {
        let outcome = attempt["status"]?.integerValue.map { "HTTP \($0)" }
        let fault = attempt["fault"]?.stringValue.map { name(ofFault: $0, language) }
        let said = [outcome, fault].compactMap { $0 }.joined(separator: language.say("，", ", "))
        return "\(Words.time(attempt.text("at")))  \(said)  \(attempt.number("latency_ms")) ms"
    }

    private static func name(ofFault fault: String, _ language: Language) -> String {
        switch fault {
        case "unresolved": language.say("域名无法解析", "the name has no address")
        case "refused_address": language.say("地址不是公网地址", "the address is not public")
        case "unreachable": language.say("无法连接", "cannot be reached")
        case "tls": language.say("证书无效或无法建立安全连接", "the certificate is not valid, or TLS failed")
        case "timeout": language.say("超时", "took too long")
        default: language.say("回答无法识别", "the answer cannot be read")
        }
    }
}

/// The watches of an organisation.
struct WebhookListView {
    let sheet: Sheet
    let watches: JSON
    let mayCreate: Bool
    let isDeleted: Bool

    private func say(_ zh: String, _ en: String) -> String { sheet.say(zh, en) }

    func write(_ page: inout HTMLWriter) {
        if isDeleted { page.done(say("已删除，不再通知。", "It is deleted, and tells nothing any more.")) }
        page.element(
            "p",
            say(
                "车辆有了新记录，系统会把它连同签名发到您填写的地址；漏收一条也能发现。",
                "When something new is recorded about a car, it is sent to your address, signed; a gap can be seen."
            )
        )
        page.element("p") { page in
            if mayCreate {
                let text = say("新建通知", "New webhook")
                page.element("a", ["class": "button main", "href": "/dealer/webhooks/new"], text)
                page.text(" ")
            }
            page.element("a", ["class": "button", "href": "/dealer/keys"], say("密钥", "API keys"))
        }
        let all = watches.list("data")
        if all.isEmpty { page.element("p", ["class": "empty"], say("还没有通知。", "There are no webhooks yet.")) }
        page.element("ul", ["class": "cards"]) { page in
            for watch in all { page.element("li") { write(watch, &$0) } }
        }
        if let cursor = watches["next_cursor"]?.stringValue {
            page.element("p") { page in
                let target = "/dealer/webhooks?cursor=\(percentEncoded(cursor))"
                page.element("a", ["class": "button", "href": target, "rel": "next"], say("更多", "More"))
            }
        }
    }

    private func write(_ watch: JSON, _ page: inout HTMLWriter) {
        page.element("p") { page in
            let link = "/dealer/webhooks/\(watch.text("id"))"
            page.element("strong") { page in
                page.element("a", ["href": link], WebhookWords.title(watch, sheet.language))
            }
            page.text(" ")
            let state = WebhookWords.state(watch, sheet.language)
            page.element("span", ["class": state.style], state.name)
        }
        page.element("p", WebhookWords.subject(watch, sheet.language))
        page.element("p", ["class": "soft"]) { page in
            let url = watch.text("url")
            if url.isEmpty {
                page.text(say("没有接收地址：程序用事件流或列表读取", "No address: programs read the stream or the list"))
            } else {
                page.element("code", ["class": "url"], url)
            }
        }
    }
}

/// What is to be told, and where.
struct WebhookFormView {
    let sheet: Sheet
    let state: FormState
    let kinds: [String]

    func write(_ page: inout HTMLWriter) {
        let say = sheet.say
        page.refusal(state, fields: ["kind", "vin", "name", "url"])
        page.element("form", ["method": "post", "action": "/dealer/webhooks", "class": "narrow"]) { page in
            let choices = kinds.map { kind in
                (kind, kind == "stock" ? say("全部在售车辆", "Every car on offer") : say("一辆车", "One car"))
            }
            page.choice("kind", say("关注", "Of what"), choices, chosen: state.values["kind"] ?? kinds[0])
            page.field(
                Field(
                    name: "vin",
                    label: say("车辆识别代号（只关注一辆车时填写）", "VIN (of one car)"),
                    isRequired: kinds == ["vehicle"]
                ),
                state
            )
            page.field(
                Field(
                    name: "url",
                    label: say("接收地址", "Address"),
                    type: "url",
                    hint: say(
                        "公网 https 地址，例如 https://hooks.example.com/chexin，端口 443 或 8443。",
                        "An https URL of the public internet, such as https://hooks.example.com/chexin."
                    ),
                    inputMode: "url"
                ),
                state
            )
            page.field(
                Field(
                    name: "name",
                    label: say("名称（可不填）", "Name (if you like)"),
                    hint: say("写明哪个系统接收，例如“库存系统”。", "Say which system receives it."),
                    isRequired: false
                ),
                state
            )
            page.submit(say("创建", "Make it"))
        }
    }
}

/// The one page that shows a secret.
struct WebhookSecretView {
    let sheet: Sheet
    let watch: JSON

    func write(_ page: inout HTMLWriter) {
        let say = sheet.say
        page.element(
            "p",
            ["class": "notice"],
            say("密钥只显示这一次，请立即复制到接收通知的系统里。", "The secret is shown this once: copy it to what receives, now.")
        )
        page.element("p") { $0.element("strong", WebhookWords.title(watch, sheet.language)) }
        page.element("code", ["class": "secret whole", "tabindex": "0"], watch.text("secret"))
        page.element(
            "p",
            ["class": "soft"],
            say(
                "用它核对 webhook-signature（Standard Webhooks，HMAC-SHA256）。",
                "It checks webhook-signature (Standard Webhooks, HMAC-SHA256)."
            )
        )
        let until = watch.text("former_secret_until")
        if !until.isEmpty {
            page.element(
                "p",
                say("原密钥同时签名，直到 ", "The one before signs beside it until ") + Words.time(until)
                    + say("。", ".")
            )
        }
        page.element("p") { page in
            let link = "/dealer/webhooks/\(watch.text("id"))"
            page.element("a", ["class": "button main", "href": link], say("已保存", "I have it"))
        }
    }
}
