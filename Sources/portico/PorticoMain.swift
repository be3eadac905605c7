import ArgumentParser
import Gateway

/// Starts the command line; all behaviour lives in `Gateway`.
@main
enum PorticoMain {
    static func main() async {
        await PorticoCommand.main()
    }
}
