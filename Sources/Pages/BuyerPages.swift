import Core
import HTTPTypes
import Web

// MARK: - Buyers, who come by a code or a link

extension PageService {
    var buyerEndpoints: [Endpoint] {
        [
            page("/enter", query: ["done"]) { call in buyerForms(FormState(call), call) },
            action("/enter/code", fields: ["login"], rateLimit: .entrance, sendBuyerCode),
            action("/enter", fields: ["token", "login", "code"], rateLimit: .entrance, enter),
        ]
    }

    /// The page that takes the code comes at once, with the login in it: it belongs into no address.
    private func sendBuyerCode(_ call: Call) async throws -> Reply {
        let members = call.form.members(["login"])
        let sent = try await showing { failure in
            buyerForms(FormState(call, failure), call)
        } _: {
            try await api.ask("POST /v1/buyer-codes", call, json: .object(members)).json()
        }
        guard sent.text("kind") == "code" else { return .seeOther("/enter?done=sent") }
        return codeForm(FormState(call), call)
    }

    private func enter(_ call: Call) async throws -> Reply {
        let isLink = call.form["token"] != nil
        let entrance = try await showing(also: [.unauthenticated]) { failure in
            isLink ? buyerForms(FormState(call, failure), call) : codeForm(FormState(call, failure), call)
        } _: {
            let json: JSON =
                isLink
                ? ["token": JSON(LinkText.token(in: call.form["token"]))]
                : .object(call.form.members(["login", "code"]))
            return try await api.ask("POST /v1/buyer-sessions", call, json: json).json()
        }
        return signedIn(.seeOther("/account"), entrance)
    }

    private func buyerForms(_ state: FormState, _ call: Call) -> Reply {
        let sheet = Sheet(call)
        return sheet.reply(sheet.say("买家登录", "Sign in as a buyer")) { page in
            if call.query["done"] == "sent" {
                page.done(sheet.say("链接已发出，30 分钟内有效。", "A link is on its way; it works for 30 minutes."))
            }
            page.refusal(state, fields: ["login"])
            page.element("section", ["data-without-link": ""]) { page in
                page.element("form", ["method": "post", "action": "/enter/code", "class": "narrow"]) { page in
                    page.field(
                        Field(
                            name: "login",
                            label: sheet.say("手机号或邮箱", "Mobile number or e-mail address"),
                            hint: sheet.say("手机收验证码，邮箱收链接。", "A phone gets a code, an e-mail address a link."),
                            autocomplete: "username"
                        ),
                        state
                    )
                    page.submit(sheet.say("发送", "Send"))
                }
            }
            page.element("section", ["data-with-link": ""]) { page in
                page.element("h2", ["data-without-link": ""], sheet.say("已收到链接", "You have a link"))
                // It works once: what opens links by itself, to look at them, must not use it up.
                page.element(
                    "form",
                    ["method": "post", "action": "/enter", "class": "narrow", "data-link": "fill"]
                ) { page in
                    page.linkField(state)
                    page.submit(sheet.say("登录", "Sign in"))
                }
            }
        }
    }

    private func codeForm(_ state: FormState, _ call: Call) -> Reply {
        let sheet = Sheet(call)
        return sheet.reply(sheet.say("输入验证码", "Enter the code")) { page in
            page.done(
                sheet.say(
                    "验证码已发往 \(call.form["login"] ?? "")，5 分钟内有效。",
                    "The code is on its way to \(call.form["login"] ?? ""); it works for five minutes."
                )
            )
            page.refusal(state, fields: ["code"])
            page.element("form", ["method": "post", "action": "/enter", "class": "narrow"]) { page in
                page.hidden("login", call.form["login"])
                page.field(
                    Field(
                        name: "code",
                        label: sheet.say("验证码", "Code"),
                        autocomplete: "one-time-code",
                        inputMode: "numeric",
                        isSecret: true,
                        isFirst: true
                    ),
                    state
                )
                page.submit(sheet.say("登录", "Sign in"))
            }
        }
    }
}
