import Core
import HTTPTypes
import Identity
import Web

extension RateLimit {
    /// What may be guessed at: the same policy as the API's own, so that both are counted together.
    static let entrance = RateLimit(name: "sign_in", quota: 30, memberQuota: 600, windowSeconds: 60)
}

// MARK: - Signing in and out

extension PageService {
    var entranceEndpoints: [Endpoint] {
        let secondFactor: Set<String> = ["code", "recovery_code"]
        return [
            // Whoever types the name of the host alone.
            page("/") { call in .seeOther(call.principal == nil ? "/sign-in" : Destination.home) },
            page("/sign-in", query: ["next", "because", "done"], showSignIn),
            action(
                "/sign-in",
                fields: secondFactor.union(["login", "password", "next"]),
                rateLimit: .entrance,
                signIn
            ),
            action("/sign-out", signOut),
            page(
                "/step-up",
                query: ["next"],
                authorize: api.rule("POST /v1/sessions/current/step-up"),
                showStepUp
            ),
            action(
                "/step-up",
                fields: secondFactor.union(["next"]),
                rateLimit: .entrance,
                authorize: api.rule("POST /v1/sessions/current/step-up"),
                stepUp
            ),
        ]
    }

    private func showSignIn(_ call: Call) async throws -> Reply {
        let next = Destination.own(call.query["next"])
        if call.principal != nil { return .seeOther(next) }
        return signInForm(FormState(call), call, next: next)
    }

    private func signIn(_ call: Call) async throws -> Reply {
        let next = Destination.own(call.form["next"])
        let members = call.form.members(["login", "password", "code", "recovery_code"])
        let entrance = try await showing(also: [.unauthenticated]) { failure in
            signInForm(FormState(call, failure), call, next: next)
        } _: {
            try await api.ask("POST /v1/sessions", call, json: .object(members)).json()
        }
        let isDealer = entrance["person"]?.text("role") == Role.dealer.rawValue
        return signedIn(.seeOther(isDealer || next != Destination.home ? next : "/account"), entrance)
    }

    private func signInForm(_ state: FormState, _ call: Call, next: String) -> Reply {
        let sheet = Sheet(call)
        return sheet.reply(sheet.say("登录", "Sign in")) { page in
            page.notice(call, state)
            page.refusal(state, fields: ["login", "password", "code", "recovery_code"])
            page.element("form", ["method": "post", "action": "/sign-in", "class": "narrow"]) { page in
                page.field(
                    Field(
                        name: "login",
                        label: sheet.say("邮箱或手机号", "E-mail address or mobile number"),
                        autocomplete: "username",
                        isFirst: true
                    ),
                    state
                )
                page.field(
                    Field(
                        name: "password",
                        label: sheet.say("密码", "Password"),
                        type: "password",
                        autocomplete: "current-password",
                        isSecret: true
                    ),
                    state
                )
                page.secondFactor(state)
                page.hidden("next", next)
                page.submit(sheet.say("登录", "Sign in"))
            }
            page.element("p") { $0.element("a", ["href": "/new-password"], sheet.say("忘记密码", "Forgotten password")) }
            page.element("p") { $0.element("a", ["href": "/enter"], sheet.say("我是买家", "I am a buyer")) }
        }
    }

    private func signOut(_ call: Call) async throws -> Reply {
        if call.principal != nil { _ = try await api.ask("DELETE /v1/sessions/current", call) }
        return Reply.seeOther("/sign-in?done=signed_out").signedOut()
    }

    // MARK: Showing the second factor again

    private func showStepUp(_ call: Call) async throws -> Reply {
        stepUpForm(FormState(call), call, next: Destination.own(call.query["next"]))
    }

    private func stepUp(_ call: Call) async throws -> Reply {
        let next = Destination.own(call.form["next"])
        let members = call.form.members(["code", "recovery_code"])
        let entrance = try await showing { failure in
            stepUpForm(FormState(call, failure), call, next: next)
        } _: {
            try await api.ask("POST /v1/sessions/current/step-up", call, json: .object(members)).json()
        }
        return signedIn(.seeOther(next), entrance)
    }

    private func stepUpForm(_ state: FormState, _ call: Call, next: String) -> Reply {
        let sheet = Sheet(call)
        return sheet.reply(sheet.say("请再次验证身份", "Show once more that it is you")) { page in
            page.element(
                "p",
                sheet.say(
                    "接下来的操作会给出新的访问权限，需要最近 5 分钟内的动态验证码。",
                    "What follows gives somebody a way in, and takes a code of the last five minutes."
                )
            )
            page.refusal(state, fields: ["code", "recovery_code"])
            page.element("form", ["method": "post", "action": "/step-up", "class": "narrow"]) { page in
                page.secondFactor(state, isFirst: true)
                page.hidden("next", next)
                page.submit(sheet.say("继续", "Go on"))
            }
        }
    }
}

extension HTMLWriter {
    /// The app's code; behind it, for those who have lost the app, one of the recovery codes.
    mutating func secondFactor(_ state: FormState, isFirst: Bool = false) {
        field(
            Field(
                name: "code",
                label: state.say("动态验证码（6 位）", "Code of your authenticator app"),
                autocomplete: "one-time-code",
                inputMode: "numeric",
                isRequired: false,
                isSecret: true,
                isFirst: isFirst
            ),
            state
        )
        let isOpen = !state.faults(at: "/recovery_code").isEmpty || state.values["recovery_code"]?.isEmpty == false
        element("details", ["open": isOpen ? "" : nil]) { page in
            page.element("summary", state.say("手机不在身边？用恢复码", "No phone at hand? Use a recovery code"))
            page.field(
                Field(
                    name: "recovery_code",
                    label: state.say("恢复码（每个只能用一次）", "Recovery code (each works once)"),
                    isRequired: false,
                    isSecret: true
                ),
                state
            )
        }
    }

    /// Why one finds oneself here.
    fileprivate mutating func notice(_ call: Call, _ state: FormState) {
        guard state.failure == nil else { return }
        switch call.query["done"] {
        case "signed_out": done(state.say("您已退出登录。", "You are signed out."))
        case "password": done(state.say("密码已更换，请用新密码登录。", "The password is changed; sign in with the new one."))
        default: break
        }
        let reason: String? =
            switch call.query["because"] {
            case "session_expired": state.say("会话已过期，请重新登录。", "The session is over; sign in again.")
            case "person_suspended":
                state.say("此账号已停用，请联系本机构的管理员。", "This account is suspended; ask those who manage it.")
            case "organization_suspended":
                state.say("该机构已被暂停使用，请联系平台。", "The organisation is suspended; ask the platform.")
            case nil: nil
            default: state.say("请重新登录。", "Sign in again.")
            }
        if let reason { element("p", ["class": "notice", "role": "status"], reason) }
    }
}
