import Core
import Web

/// One watch: what it tells, what became of it last, and what can be done with it.
struct WebhookView {
    let sheet: Sheet
    let watch: JSON
    let deliveries: [JSON]
    let mayChange: Bool
    /// What has just been done.
    let done: String?

    private func say(_ zh: String, _ en: String) -> String { sheet.say(zh, en) }

    private var path: String { "/dealer/webhooks/\(watch.text("id"))" }

    func write(_ page: inout HTMLWriter) {
        writeDone(&page)
        page.element("p") { page in
            let state = WebhookWords.state(watch, sheet.language)
            page.element("span", ["class": state.style], state.name)
        }
        if let trouble = WebhookWords.trouble(watch, sheet.language) {
            page.element("p", ["class": "notice"], trouble)
        }
        writeFacts(&page)
        if mayChange { writeActions(&page) }
        page.element("h2", say("最近的通知", "Last deliveries"))
        if deliveries.isEmpty { page.element("p", ["class": "empty"], say("还没有。", "There are none yet.")) }
        page.element("ul", ["class": "cards"]) { page in
            for delivery in deliveries { page.element("li") { write(delivery, &$0) } }
        }
        page.element("p") {
            $0.element("a", ["class": "button", "href": "/dealer/webhooks"], say("全部通知", "All webhooks"))
        }
    }

    private func writeDone(_ page: inout HTMLWriter) {
        switch done {
        case "accepted": page.done(say("测试已被接受。", "The test was accepted."))
        case "refused":
            page.element(
                "p",
                ["class": "notice", "role": "status"],
                say("测试没有被接受，原因见下。", "The test was not accepted; see below.")
            )
        case "changed": page.done(say("已修改。", "It is changed."))
        default: return
        }
    }

    private func writeFacts(_ page: inout HTMLWriter) {
        let url = watch.text("url")
        let until = watch.text("former_secret_until")
        let facts = [
            (say("内容", "Tells of"), WebhookWords.subject(watch, sheet.language)),
            (say("接收地址", "Address"), url.isEmpty ? say("无", "None") : url),
            (say("建立于", "Since"), Words.time(watch.text("created_at"))),
            (say("原密钥有效至", "Former secret until"), until.isEmpty ? "" : Words.time(until)),
        ]
        page.facts(facts.filter { !$0.1.isEmpty }, isWide: true)
    }

    // MARK: What can be done

    private func writeActions(_ page: inout HTMLWriter) {
        page.element("div", ["class": "doing"]) { page in
            if !watch.text("url").isEmpty {
                button("test", say("发送测试", "Send a test"), "main", &page)
            }
            let isActive = watch.text("state") == "active"
            page.element("form", ["method": "post", "action": "\(path)/state"]) { page in
                page.hidden("state", isActive ? "paused" : "active")
                page.element("button", isActive ? say("暂停", "Pause") : say("恢复", "Set going"))
            }
        }
        careful(
            say("更换密钥…", "A new secret…"),
            say(
                "新密钥只显示一次；原密钥此后一天内与它同时签名。",
                "The new one is shown once; for a day the one until now signs beside it."
            ),
            "rotate",
            say("确认更换", "Make a new one"),
            &page
        )
        careful(
            say("删除…", "Delete…"),
            say("删除后不再通知，未发送的也一并删除。", "It tells nothing any more, and what has not been sent goes with it."),
            "delete",
            say("确认删除", "Delete it"),
            &page
        )
    }

    private func button(_ action: String, _ text: String, _ style: String, _ page: inout HTMLWriter) {
        page.element("form", ["method": "post", "action": "\(path)/\(action)"]) { page in
            page.element("button", ["class": style], text)
        }
    }

    /// In two steps.
    private func careful(
        _ summary: String,
        _ warning: String,
        _ action: String,
        _ text: String,
        _ page: inout HTMLWriter
    ) {
        page.element("details") { page in
            page.element("summary", summary)
            page.element("p", warning)
            button(action, text, "danger", &page)
        }
    }

    // MARK: What became of it

    private func write(_ delivery: JSON, _ page: inout HTMLWriter) {
        page.element("p") { page in
            page.element("strong", WebhookWords.type(delivery.text("type"), sheet.language))
            page.text(" ")
            let state = WebhookWords.delivery(delivery, sheet.language)
            page.element("span", ["class": state.style], state.name)
        }
        let vin = delivery.text("vin")
        if !vin.isEmpty { page.element("p") { $0.element("span", ["class": "vin"], vin) } }
        page.element("p", ["class": "soft"]) { page in
            page.text(Words.time(delivery.text("created_at")) + " · ")
            page.element("code", delivery.text("id"))
        }
        let attempts = delivery.list("attempts")
        guard !attempts.isEmpty else { return }
        page.element("details") { page in
            page.element("summary", say("发送 \(attempts.count) 次", "Attempts: \(attempts.count)"))
            page.element("ul") { page in
                for attempt in attempts { page.element("li") { write(attempt: attempt, &$0) } }
            }
        }
    }

    private func write(attempt: JSON, _ page: inout HTMLWriter) {
        page.text(WebhookWords.attempt(attempt, sheet.language))
        let response = attempt.text("response")
        if !response.isEmpty { page.element("pre", ["class": "whole"], response) }
    }
}
