import Core
import HTTPTypes
import Web

// MARK: - A forgotten password

extension PageService {
    var passwordEndpoints: [Endpoint] {
        [
            page("/new-password", query: ["done"]) { call in passwordForms(FormState(call), call) },
            action("/new-password/link", fields: ["login"], rateLimit: .entrance, sendPasswordLink),
            action(
                "/new-password",
                fields: ["token", "password", "code", "recovery_code"],
                rateLimit: .entrance,
                choosePassword
            ),
        ]
    }

    private func sendPasswordLink(_ call: Call) async throws -> Reply {
        let members = call.form.members(["login"])
        _ = try await showing { failure in
            passwordForms(FormState(call, failure), call)
        } _: {
            try await api.ask("POST /v1/password-resets", call, json: .object(members))
        }
        return .seeOther("/new-password?done=sent")
    }

    private func choosePassword(_ call: Call) async throws -> Reply {
        let token = JSON.Member("token", JSON(LinkText.token(in: call.form["token"])))
        let members = [token] + call.form.members(["password", "code", "recovery_code"])
        _ = try await showing { failure in
            passwordForms(FormState(call, failure), call)
        } _: {
            try await api.ask("POST /v1/password-resets/confirm", call, json: .object(members))
        }
        return .seeOther("/sign-in?done=password")
    }

    private func passwordForms(_ state: FormState, _ call: Call) -> Reply {
        let sheet = Sheet(call)
        // What was refused is shown at the form that was sent.
        let isChoosing = call.form["token"] != nil
        let none = FormState(call)
        return sheet.reply(sheet.say("设置新密码", "Choose a new password")) { page in
            if call.query["done"] == "sent" {
                page.done(
                    sheet.say(
                        "如果该账号存在，链接已经发出，30 分钟内有效。",
                        "If there is such an account, a link is on its way; it works for 30 minutes."
                    )
                )
            }
            page.refusal(state, fields: ["login", "password", "code", "recovery_code"])
            page.element("section", ["data-without-link": ""]) { page in
                page.element("h2", sheet.say("还没有链接", "You have no link yet"))
                askingForm(isChoosing ? none : state, sheet, &page)
            }
            page.element("section") { page in
                page.element("h2", ["data-without-link": ""], sheet.say("已收到链接", "You have a link"))
                choosingForm(isChoosing ? state : none, call, &page)
            }
        }
    }

    private func askingForm(_ state: FormState, _ sheet: Sheet, _ page: inout HTMLWriter) {
        page.element("form", ["method": "post", "action": "/new-password/link", "class": "narrow"]) { page in
            page.field(
                Field(
                    name: "login",
                    label: sheet.say("邮箱或手机号", "E-mail address or mobile number"),
                    autocomplete: "username"
                ),
                state
            )
            page.submit(sheet.say("发送链接", "Send me a link"))
        }
    }

    private func choosingForm(_ state: FormState, _ call: Call, _ page: inout HTMLWriter) {
        page.element(
            "form",
            ["method": "post", "action": "/new-password", "class": "narrow", "data-link": "fill"]
        ) { page in
            if let token = call.form["token"], state.failure != nil, state.failure?.type.code != "invalid_link" {
                page.hidden("token", token)
            } else {
                page.linkField(state)
            }
            page.chosenPassword(state)
            page.secondFactor(state)
            page.submit(state.say("更换密码", "Change the password"))
        }
    }
}
