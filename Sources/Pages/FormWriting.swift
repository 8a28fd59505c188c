import Core
import Web

/// A form as it is shown: empty, or again with what was entered and what is wrong with it.
struct FormState {
    let language: Language
    var values: [String: String] = [:]
    var failure: Failure?

    init(_ call: Call, _ failure: Failure? = nil) {
        language = call.language
        values = call.form
        self.failure = failure
    }

    func say(_ zh: String, _ en: String) -> String { language.say(zh, en) }

    /// - Parameter field: of the form, which the API calls by `pointer`.
    func faults(at pointer: String) -> [Fault] {
        (failure?.faults ?? []).filter { $0.pointer == pointer || $0.pointer.hasPrefix(pointer + "/") }
    }

    /// What is wrong with the whole, and what stands at no field of the form.
    func otherFaults(than pointers: [String]) -> [Fault] {
        let known = pointers.flatMap { faults(at: $0) }
        return (failure?.faults ?? []).filter { !known.contains($0) }
    }
}

/// A field of a form.
struct Field {
    var name: String
    /// In what the API is told.
    var pointer: String { "/" + name }
    var label: String
    var type = "text"
    var hint: String?
    var autocomplete: String?
    var inputMode: String?
    var isRequired = true
    /// What was entered is shown again; a secret never is.
    var isSecret = false
    var isFirst = false
}

extension HTMLWriter {
    /// What is wrong, above the form: where the eye, the keyboard and a screen reader come first.
    mutating func refusal(_ state: FormState, fields: [String]) {
        guard let failure = state.failure else { return }
        element("div", ["class": "refusal", "role": "alert", "id": "refusal", "tabindex": "-1"]) { page in
            page.element("p") { $0.element("strong", failure.sentence(state.language)) }
            page.faults(state.otherFaults(than: fields.map { "/" + $0 }), state.language)
            if let seconds = failure.retryAfterSeconds {
                page.element("p", state.say("请在 \(seconds) 秒后再试。", "Try again in \(seconds) seconds."))
            }
        }
    }

    mutating func faults(_ faults: [Fault], _ language: Language) {
        guard !faults.isEmpty else { return }
        element("ul", ["class": "faults"]) { page in
            for fault in faults { page.element("li", fault.sentence(language)) }
        }
    }

    mutating func field(_ field: Field, _ state: FormState) {
        let faults = state.faults(at: field.pointer)
        let described = [field.hint == nil ? nil : "\(field.name)-hint", faults.isEmpty ? nil : "\(field.name)-fault"]
            .compactMap { $0 }.joined(separator: " ")
        element("div", ["class": "field"]) { page in
            page.element("label", ["for": field.name], field.label)
            if let hint = field.hint { page.element("p", ["class": "hint", "id": "\(field.name)-hint"], hint) }
            page.element(
                "input",
                [
                    "id": field.name,
                    "name": field.name,
                    "type": field.type,
                    "value": field.isSecret ? nil : state.values[field.name],
                    "autocomplete": field.autocomplete ?? "off",
                    "inputmode": field.inputMode,
                    "required": field.isRequired ? "" : nil,
                    "autofocus": field.isFirst && state.failure == nil ? "" : nil,
                    "aria-invalid": faults.isEmpty ? nil : "true",
                    "aria-describedby": described.isEmpty ? nil : described,
                ]
            )
            page.fault(faults, of: field.name, state.language)
        }
    }

    mutating func fault(_ faults: [Fault], of name: String, _ language: Language) {
        guard !faults.isEmpty else { return }
        element("p", ["class": "fault", "id": "\(name)-fault"]) { page in
            page.text(faults.map { $0.sentence(language) }.joined(separator: language.say("；", "; ")))
        }
    }

    mutating func hidden(_ name: String, _ value: String?) {
        element("input", ["type": "hidden", "name": name, "value": value ?? ""])
    }

    mutating func submit(_ text: String) {
        element("p") { $0.element("button", ["class": "main"], text) }
    }

    /// Something that has been done.
    mutating func done(_ text: String) {
        element("p", ["class": "done", "role": "status"], text)
    }
}

extension Failure {
    fileprivate func sentence(_ language: Language) -> String {
        type == .invalidRequest && !faults.isEmpty
            ? language.say("请更正标出的内容。", "Correct what is marked.") : detail.text(in: language)
    }
}

extension Fault {
    /// As people say it: they leave fields empty where programs leave out members, and know nothing of `not_known`.
    func sentence(_ language: Language) -> String {
        if code == "required", detail.zh == "缺少必填成员" { return language.say("请填写", "Fill this in") }
        return detail.text(in: language)
            .replacing("yes、no 或 not_known", with: "是、否或不清楚")
            .replacing("yes, no or not_known", with: "yes, no or not known")
    }
}

extension [String: String] {
    /// The fields that were filled in, as members of what the API is told.
    func members(_ names: [String]) -> [JSON.Member] {
        names.compactMap { name in
            guard let value = self[name], !value.isEmpty else { return nil }
            return JSON.Member(name, JSON(value))
        }
    }
}
