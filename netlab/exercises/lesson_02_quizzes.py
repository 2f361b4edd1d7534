"""The questions of lesson 02, local networks, and those it asks on lessons 00 and 01."""

from __future__ import annotations

from netlab.exercises.registry import Choice, Quiz, quizzes

quizzes(
    Quiz(
        "02-r1",
        "In an Ethernet frame with a TCP segment, which header comes first on the wire?",
        {
            "a": Choice(
                "Ethernet, then IP, then TCP.",
                "The link layer's header is the outermost: it was put on last and is read first.",
            ),
            "b": Choice(
                "TCP, then IP, then Ethernet.",
                "That is the order in which they are put on. Each one goes in front of the ones before.",
            ),
            "c": Choice(
                "IP, since it says where the packet goes.",
                "It says where the packet goes in the end. For the next machine the frame's own header comes first.",
            ),
        },
        answer="a",
        objective="01-o1",
        about="01",
    ),
    Quiz(
        "02-r2",
        "Are 192.168.1.10/24 and 192.168.2.10 on the same network?",
        {
            "a": Choice(
                "Yes: both begin with the same two numbers.",
                "The mask /24 counts three numbers to the network, and the third one differs.",
            ),
            "b": Choice(
                "No: their network parts differ.",
                "The first 24 bits name the network, 192.168.1 and 192.168.2. With a mask of /16 the answer would be yes.",
            ),
            "c": Choice(
                "Yes: both are private addresses.",
                "Private addresses (RFC 1918) may be used by anybody at home. It says nothing about who shares a network.",
            ),
        },
        answer="b",
        objective="01-o3",
        about="01",
    ),
    Quiz(
        "02-r3",
        "What do the bytes of `b'AAPL?\\n'` become on the way to the server?",
        {
            "a": Choice(
                "They are translated to text on the wire.",
                "The wire knows no text. What you see as letters is how Python shows bytes.",
            ),
            "b": Choice(
                "The same six bytes arrive, in the same order.",
                "A TCP connection carries bytes unchanged. What they mean is agreed between the two programs.",
            ),
            "c": Choice(
                "They arrive without the newline, which only ends the line on the screen.",
                "The newline is a byte like the others, 10, and it arrives. By it the server knows that the line is complete.",
            ),
        },
        answer="b",
        objective="00-o2",
        about="00",
    ),
    Quiz(
        "02-q1",
        "Two PCs are joined by one cable. One is 192.168.1.10/24, the other 192.168.2.10/24, and neither has a gateway. What does `ping` send?",
        {
            "a": Choice(
                "Nothing at all: there is no route.",
                "The ping fails before a frame is made. The other address is not on the sender's network, and there is no gateway to give the packet to.",
            ),
            "b": Choice(
                "An ARP question, which nobody answers.",
                "ARP is asked for neighbours only, or for the gateway. This target is neither.",
            ),
            "c": Choice(
                "The echo request: they share a cable, so it arrives.",
                "The cable would carry it. But the sender's IP decides by address and mask before any cable is asked.",
            ),
        },
        answer="a",
        objective="02-o1",
    ),
    Quiz(
        "02-q2",
        "Four PCs on a 10 Mbit/s hub copy files to one another. How much can each one send?",
        {
            "a": Choice(
                "10 Mbit/s each: every PC has its own cable.",
                "The cables end in one shared wire inside the hub, on which one frame at a time may travel.",
            ),
            "b": Choice(
                "20 Mbit/s each: 10 in each direction.",
                "That holds for a cable to a switch. On a hub a card that hears its own frame and another one at once has a collision.",
            ),
            "c": Choice(
                "All four together less than 10 Mbit/s.",
                "They share one wire, and collisions waste some of it. That is why switches replaced hubs: between two ports of a switch there is nobody to wait for.",
            ),
        },
        answer="c",
        objective="02-o1",
    ),
    Quiz(
        "02-q3",
        "From what does a switch learn behind which port a computer is?",
        {
            "a": Choice(
                "From the receiver's MAC address of each frame.",
                "Where the receiver is, the frame does not tell: the switch has yet to find out.",
            ),
            "b": Choice(
                "From the sender's MAC address of each frame.",
                "Who sent it must be behind the port by which it came in. It costs no question and no setting up.",
            ),
            "c": Choice(
                "It asks by ARP.",
                "ARP is for hosts and routers, which have IP addresses. A switch reads no further than the Ethernet header.",
            ),
            "d": Choice(
                "From its administrator, who enters the addresses.",
                "That is possible, but nobody needs to: it learns by itself, within one frame.",
            ),
        },
        answer="b",
        objective="02-o1",
    ),
    Quiz(
        "02-q4",
        "Your computer opens a page of a server on another continent. For whose MAC address does it ask?",
        {
            "a": Choice(
                "For that of the web server.",
                "The question is a broadcast, and no router passes it on. The server's MAC address never leaves its own network.",
            ),
            "b": Choice(
                "For that of the switch it is plugged into.",
                "Frames pass through the switch, but none is addressed to it: it has no IP address to ask for.",
            ),
            "c": Choice(
                "For that of its gateway.",
                "The packet is addressed to the server, the frame that carries it to the gateway, the first router on the way.",
            ),
        },
        answer="c",
        objective="02-o2",
    ),
    Quiz(
        "02-q5",
        "A packet crosses three routers. Which addresses are the same when it arrives as when it left?",
        {
            "a": Choice(
                "MAC addresses and IP addresses.",
                "Each of the four links has its own frame, with the MAC addresses of its own two ends.",
            ),
            "b": Choice(
                "The IP addresses, and no others.",
                "The MAC addresses have changed on each of the four links. IP says who speaks with whom, Ethernet who hands it to whom. NAT is the one exception.",
            ),
            "c": Choice(
                "The MAC addresses; routers replace the IP addresses by their own.",
                "The other way round. If routers replaced the receiver's IP address, how would the next one know where to go?",
            ),
        },
        answer="b",
        objective="02-o3",
    ),
    Quiz(
        "02-q6",
        "What does `traceroute` make use of?",
        {
            "a": Choice(
                "A list of its path that each packet carries.",
                "IPv4 has an option for that, which hardly any router honours. There is an easier way.",
            ),
            "b": Choice(
                "The errors that routers report.",
                "With a time to live of 1, 2, 3, … they come from one router further each time, until the target itself answers.",
            ),
            "c": Choice(
                "A question to the gateway, which knows the whole path.",
                "A router knows the next hop and no more. The path is nowhere written down.",
            ),
        },
        answer="b",
        objective="02-o3",
    ),
    Quiz(
        "02-q7",
        "Ada gets no answer from cleo, on the other network. Cleo's own trace shows ada's question arriving. Where do you look?",
        {
            "a": Choice(
                "At cleo's gateway: her answer needs it.",
                "Every conversation needs two ways. A missing gateway on the far side looks like silence on this one.",
            ),
            "b": Choice(
                "At the cable between ada and the switch.",
                "The question has come through it, and ended up where it should.",
            ),
            "c": Choice(
                "At ada's gateway: it does not pass packets on.",
                "It has passed this one on: it arrived.",
            ),
        },
        answer="a",
        objective="02-o5",
    ),
    Quiz(
        "02-q8",
        "To join two networks, how many addresses does a router need, and which does cleo name as her gateway?",
        {
            "a": Choice(
                "One; all hosts name it.",
                "A gateway must be a neighbour. An address on ada's network is none for cleo.",
            ),
            "b": Choice(
                "Two, one in each network; cleo names the one in her own network.",
                "A host can hand a packet only to a neighbour, so the router is a neighbour on both sides.",
            ),
            "c": Choice(
                "Two; cleo names the one in ada's network, where her packets go.",
                "She could not reach it without already having a gateway. The error says so when you try.",
            ),
        },
        answer="b",
        objective="02-o4",
    ),
)
