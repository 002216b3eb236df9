Console.WriteLine("The node is composed here.");
