import Core

/// The code with which a text is refused, or `nil` where it is accepted.
func refusal<Value: TextValue>(of type: Value.Type, _ text: String) -> String? {
    do {
        _ = try Value(parsing: text)
        return nil
    } catch {
        return error.code
    }
}

/// The faults of the failure that `body` throws, each as `pointer code`; `nil` where it throws none.
func faults(_ body: () throws -> Void) -> [String]? {
    do {
        try body()
        return nil
    } catch let failure as Failure {
        return failure.faults.map { "\($0.pointer) \($0.code)" }
    } catch {
        return ["\(error)"]
    }
}

/// The code of the failure that `body` throws.
func problem(_ body: () throws -> Void) -> String? {
    do {
        try body()
        return nil
    } catch {
        return (error as? Failure)?.type.code ?? "\(error)"
    }
}
