import Core
import Support
import Web

/// What a real answer must be to be the documented one.
struct AnswerRules {
    let contract: APIDocument
    let language: Language

    /// Headers of HTTP itself, which OpenAPI leaves out.
    private static let ofHTTP: Set<String> = [
        "connection", "content-length", "content-type", "date", "transfer-encoding",
    ]

    /// Every way in which the answer is not what the document says; empty where it is.
    func faults(_ answer: HTTPAnswer, to operation: Operation) -> [String] {
        guard let response = operation.response(answer.status, contract) else {
            return ["\(operation) answered \(answer.status), which is not documented: \(answer.text)"]
        }
        let faults =
            headerFaults(answer, response)
            + (answer.status < 300 ? contentFaults(answer, response) : refusalFaults(answer, response))
        return faults.map { "\(operation) \(answer.status): \($0)" }
    }

    // MARK: Headers

    private func headerFaults(_ answer: HTTPAnswer, _ response: Response) -> [String] {
        let everywhere = Set((contract.document["x-headers-of-every-answer"]?.strings ?? []).map { $0.lowercased() })
        let own = response.headers.map { ($0.name.lowercased(), contract.resolved($0.value)) }
        let known = everywhere.union(own.map(\.0)).union(AnswerRules.ofHTTP)
        let sent = Set(answer.headers.map { $0.name.lowercased() })
        let needed = everywhere.union(own.filter { $0.1["required"] == true }.map(\.0))
        var faults = sent.subtracting(known).sorted().map { "the header \($0) is not documented" }
        faults += needed.subtracting(sent).sorted().map { "the header \($0) is missing" }
        if answer.header("Content-Language") != language.rawValue { faults.append("answered in another language") }
        for (name, header) in own {
            guard let value = answer.header(name), let schema = header["schema"] else { continue }
            faults += SchemaChecker(contract: contract).faults(read(value, as: schema), schema, at: name)
        }
        return faults
    }

    private func read(_ value: String, as schema: JSON) -> JSON {
        guard schema["type"] == "integer", let number = Int(value) else { return JSON(value) }
        return JSON(number)
    }

    // MARK: Bodies

    private func contentFaults(_ answer: HTTPAnswer, _ response: Response) -> [String] {
        guard !response.content.isEmpty else { return answer.body.isEmpty ? [] : ["a body where none is documented"] }
        guard let media = response.content.first(where: { $0.name == essence(answer) }) else {
            return ["the media type \(essence(answer)) is not documented"]
        }
        let checker = SchemaChecker(contract: contract, refusesUndocumented: true)
        if media.name == "application/json" {
            return parsed(answer.body).map { checker.faults($0, media.value["schema"] ?? .null) } ?? ["no JSON"]
        }
        if let schema = media.value["x-item-schema"] {
            return answer.body.split(separator: UInt8(ascii: "\n")).flatMap { line in
                parsed(Array(line)).map { checker.faults($0, schema) } ?? ["a line that is no JSON"]
            }
        }
        return answer.body.isEmpty ? ["an empty body"] : []
    }

    private func refusalFaults(_ answer: HTTPAnswer, _ response: Response) -> [String] {
        if answer.status == 304 { return answer.body.isEmpty ? [] : ["a body with 304"] }
        guard essence(answer) == "application/problem+json", let problem = parsed(answer.body) else {
            return ["no problem document: \(answer.text)"]
        }
        let checker = SchemaChecker(contract: contract, refusesUndocumented: true)
        var faults = checker.faults(problem, contract.schema("Problem"))
        let code = problem["code"]?.stringValue ?? ""
        if response.codes(answer.status)?.contains(code) != true { faults.append("the code \(code) is not documented") }
        if problem["status"] != JSON(answer.status) { faults.append("another status in the body") }
        if problem["request_id"]?.stringValue != answer.header("X-Request-Id") { faults.append("another request id") }
        return faults + languageFaults(problem)
    }

    /// `title` and every `detail`, but not what the caller wrote himself.
    private func languageFaults(_ problem: JSON) -> [String] {
        let details = (problem["errors"]?.arrayValue ?? []).map { $0["detail"] }
        return ([problem["title"], problem["detail"]] + details).compactMap { $0?.stringValue }
            .filter { $0.isChinese != (language == .chinese) }
            .map { "“\($0)” is in the other language" }
    }

    private func essence(_ answer: HTTPAnswer) -> String {
        (answer.header("Content-Type") ?? "").split(separator: ";").first.map(String.init) ?? ""
    }

    private func parsed(_ bytes: [UInt8]) -> JSON? {
        try? JSONParser.parse(bytes)
    }
}

extension String {
    /// By the block of CJK unified ideographs.
    var isChinese: Bool { unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) } }
}
